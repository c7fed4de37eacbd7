const HEADER_BYTES = 5;
const PIECE_BYTES = 1 << 20;
const COPY_DATA = 'd'.charCodeAt(0);
const ERROR_RESPONSE = 'E'.charCodeAt(0);

/**
 * What PostgreSQL answers to a COPY … TO STDOUT, message by message, with the copied rows taken out of it.
 * Source: PostgreSQL documentation, "Message Formats": each has one byte that says what it is, and its length.
 */
export class CopyMessages {
  readonly #full: Uint8Array[] = [];
  #piece = new Uint8Array(PIECE_BYTES);
  #length = 0;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  /** How much of the message begun last is still to come. */
  #left = 0;
  readonly #error: number[] = [];

  /** Takes the next bytes, wherever they were cut; they may be used again for others after that. */
  take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#headerBytes < HEADER_BYTES) {
        this.#header[this.#headerBytes++] = bytes[at++];
        // The length counts itself, not the byte before it.
        if (this.#headerBytes === HEADER_BYTES) this.#left = this.#header.readInt32BE(1) - 4;
      } else {
        const end = Math.min(at + this.#left, bytes.length);
        if (this.#header[0] === COPY_DATA) this.#keep(bytes, at, end);
        else if (this.#header[0] === ERROR_RESPONSE) this.#error.push(...bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
      }
      if (this.#headerBytes === HEADER_BYTES && this.#left === 0) this.#headerBytes = 0;
    }
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to) {
      if (this.#length === PIECE_BYTES) {
        this.#full.push(this.#piece);
        this.#piece = new Uint8Array(PIECE_BYTES);
        this.#length = 0;
      }
      // Rows are short: a loop copies them quicker than a call that copies memory.
      const end = Math.min(to, at + PIECE_BYTES - this.#length);
      while (at < end) this.#piece[this.#length++] = bytes[at++];
    }
  }

  /**
   * The copied bytes, in pieces.
   * @throws Error with the server's own words and code when it refused
   */
  pieces(): Uint8Array[] {
    if (this.#error.length > 0) throw errorOf(Buffer.from(this.#error).toString('utf8'));
    return [...this.#full, this.#piece.subarray(0, this.#length)];
  }
}

/** Fields of an ErrorResponse: a letter and a text each. */
function errorOf(fields: string): Error {
  const field = (letter: string) =>
    fields
      .split('\0')
      .find((each) => each.startsWith(letter))
      ?.slice(1);
  return Object.assign(new Error(field('M') ?? 'the server refused to copy'), { code: field('C') });
}
