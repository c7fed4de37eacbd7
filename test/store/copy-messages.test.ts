import { expect, it } from 'vitest';
import { CopyMessages } from '../../store/copy-messages.ts';

function message(kind: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + content.length);
  return Buffer.concat([Buffer.from(kind), length, Buffer.from(content)]);
}

function taken(bytes: Buffer, cut: number): CopyMessages {
  const messages = new CopyMessages();
  // The bytes handed over are those of one buffer, used again.
  const buffer = Buffer.alloc(cut);
  for (let at = 0; at < bytes.length; at += cut) {
    const part = buffer.subarray(0, bytes.copy(buffer, 0, at, at + cut));
    messages.take(part);
  }
  return messages;
}

it.each([1, 2, 3, 7, 1000])('takes the rows out of messages that are cut every %i bytes', (cut) => {
  const all = [
    ['H', 'x'],
    ['d', 'first'],
    ['d', ''],
    ['N', 'notice'],
    ['d', 'second'],
    ['c', ''],
    ['C', 'COPY 2\0'],
  ];
  const messages = taken(Buffer.concat(all.map(([kind, content]) => message(kind, content))), cut);
  expect(Buffer.concat(messages.pieces()).toString()).toBe('firstsecond');
});

it('keeps more than a piece holds', () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i}`.padStart(997, '.'));
  const messages = taken(Buffer.concat(rows.map((row) => message('d', row))), 8192);
  expect(messages.pieces().length).toBeGreaterThan(2);
  expect(Buffer.concat(messages.pieces()).toString() === rows.join('')).toBe(true);
});

it('throws what the server says when it refuses', () => {
  const messages = taken(message('E', 'SERROR\0C42P01\0Mrelation "x" does not exist\0\0'), 5);
  expect(() => messages.pieces()).toThrow(
    expect.objectContaining({ message: 'relation "x" does not exist', code: '42P01' }),
  );
});
