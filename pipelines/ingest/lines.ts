import { TextDecoder } from 'node:util';

/**
 * The lines of a text in batches, without their line feeds.
 * @param encoding a label of the WHATWG Encoding Standard
 * @param longest characters of a line beyond which this is no text in lines
 * @throws RangeError when the bytes are not of the encoding, or a line is longer
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  encoding: string,
  longest: number,
): AsyncGenerator<string[]> {
  const decode = decoder(encoding);
  // A line may come in many pieces: they are put together once, when it ends.
  let rest: string[] = [];
  let length = 0;
  let offset = 0;
  for await (const piece of bytes) {
    const lines = decode(piece, offset).split('\n');
    offset += piece.length;
    const begun = lines.pop() as string;
    if (lines.length > 0) {
      lines[0] = rest.join('') + lines[0];
      yield lines.map(withoutReturn);
      rest = [];
      length = 0;
    }
    rest.push(begun);
    length += begun.length;
    if (length > longest) {
      throw new RangeError(
        `a line before byte ${offset} is longer than ${longest} characters: this is no text in lines`,
      );
    }
  }
  const last = rest.join('') + decode(undefined, offset);
  if (last !== '') yield [withoutReturn(last)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function decoder(encoding: string): (piece: Uint8Array | undefined, offset: number) => string {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (piece, offset) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      throw new RangeError(notDecoded(encoding, piece, offset));
    }
  };
}

function notDecoded(encoding: string, piece: Uint8Array | undefined, offset: number): string {
  const begin = offset === 0 && piece ? `${piece[0]} ${piece[1]}` : '';
  const utf16 = begin === '255 254' ? 'utf-16le' : begin === '254 255' ? 'utf-16be' : undefined;
  const found = utf16 ? 'it looks like UTF-16' : `there is an invalid byte after byte ${offset}`;
  return (
    `the file is not ${encoding.toUpperCase()}: ${found}. Save it again as UTF-8 (in Excel: "CSV UTF-8"), or say in a ` +
    `mapping how it is written, for example "encoding": "${utf16 ?? 'windows-1252'}"`
  );
}
