// A webhook receiver as a process of its own: verifies every message by Standard Webhooks and prints a line about it.
// RECEIVER_MODE: `ok` takes messages, `hang` never answers, `fail` answers 500.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const secret = process.env['RECEIVER_SECRET'] ?? '';
const mode = process.env['RECEIVER_MODE'] ?? 'ok';
const port = Number(process.env['RECEIVER_PORT'] ?? 0);

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces).toString('utf8');
    let verified = true;
    try {
      new Webhook(secret).verify(body, request.headers as Record<string, string>);
    } catch {
      verified = false;
    }
    say({ id: request.headers['webhook-id'], verified, body: JSON.parse(body) });
    if (mode === 'hang') return;
    response.writeHead(mode === 'fail' ? 500 : 204).end();
  });
});

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

server.listen(port, '127.0.0.1', () => {
  const address = server.address();
  say({ port: typeof address === 'object' && address ? address.port : 0 });
});
