import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const RECEIVER = fileURLToPath(new URL('./receiver.ts', import.meta.url));

/** What a receiver says of a message. */
export interface Received {
  id: string;
  verified: boolean;
  body: { type: string; data: Record<string, unknown> };
}

/** A webhook receiver in a process of its own. */
export interface Receiver {
  port: number;
  received: Received[];
  /** Resolves when so many messages have come. */
  got(count: number): Promise<void>;
  stop(): void;
}

/** @param mode `ok` takes messages, `hang` never answers, `fail` answers 500 */
export async function startReceiver(mode: 'ok' | 'hang' | 'fail', secret: string, port = 0): Promise<Receiver> {
  const env = { ...process.env, RECEIVER_MODE: mode, RECEIVER_SECRET: secret, RECEIVER_PORT: String(port) };
  const child = spawn(process.execPath, ['--import', 'tsx', RECEIVER], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const received: Received[] = [];
  let noticed = () => {};
  const lines = createInterface({ input: child.stdout });
  const listening = await new Promise<number>((resolve) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line);
      if ('port' in said) resolve(said.port);
      else received.push(said);
      noticed();
    });
  });
  return {
    port: listening,
    received,
    got: (count) =>
      new Promise((resolve) => {
        noticed = () => received.length >= count && resolve();
        noticed();
      }),
    stop: () => child.kill('SIGKILL'),
  };
}
