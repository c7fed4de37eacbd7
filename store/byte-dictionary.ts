/**
 * Words as codes in the order they are first met, looked up by their bytes: a word that is known already costs neither
 * a string nor an object. Codes run from 0; −1 stands for no word.
 * Source: open addressing with linear probing over the FNV-1a hash (Fowler, Noll, Vo).
 */
export class ByteDictionary {
  /** Per slot, the code of the word there; −1 is free. Their number is a power of two, at least twice the words'. */
  #slots = new Int32Array(64).fill(-1);
  #hashes = new Int32Array(32);
  /** The bytes of all words, one after the other; word `code` lies from `#ends[code - 1]` to `#ends[code]`. */
  #bytes = new Uint8Array(512);
  #ends = new Int32Array(32);
  #size = 0;
  readonly #words: string[] = [];
  /** Codes of words that were asked for as text. */
  readonly #codes = new Map<string, number>();

  /** How many words there are. */
  get size(): number {
    return this.#size;
  }

  /** The code of the word that `length` bytes from a place on spell; −1 for a negative length. */
  code(bytes: Uint8Array, from: number, length: number): number {
    if (length < 0) return -1;
    const hash = hashOf(bytes, from, length);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let code = this.#slots[slot]; code >= 0; code = this.#slots[slot]) {
      if (this.#hashes[code] === hash && this.#isWord(code, bytes, from, length)) return code;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, hash, bytes, from, length);
  }

  /** The code of a word that is there as text; −1 for none. */
  codeOf(word: string | null): number {
    if (word === null) return -1;
    let code = this.#codes.get(word);
    if (code === undefined) {
      const bytes = Buffer.from(word);
      code = this.code(bytes, 0, bytes.length);
      this.#codes.set(word, code);
    }
    return code;
  }

  /** The word with a code, made once; null for −1. */
  word(code: number): string | null {
    if (code < 0) return null;
    this.#words[code] ??= Buffer.from(this.#bytes.buffer).toString('utf8', this.#startOf(code), this.#ends[code]);
    return this.#words[code];
  }

  #startOf(code: number): number {
    return code === 0 ? 0 : this.#ends[code - 1];
  }

  #isWord(code: number, bytes: Uint8Array, from: number, length: number): boolean {
    const start = this.#startOf(code);
    if (this.#ends[code] - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== bytes[from + i]) return false;
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array, from: number, length: number): number {
    const code = this.#size++;
    const start = this.#startOf(code);
    while (start + length > this.#bytes.length) this.#bytes = doubled(this.#bytes);
    for (let i = 0; i < length; i++) this.#bytes[start + i] = bytes[from + i];
    if (code === this.#ends.length) {
      this.#ends = doubled(this.#ends);
      this.#hashes = doubled(this.#hashes);
    }
    this.#ends[code] = start + length;
    this.#hashes[code] = hash;
    this.#slots[slot] = code;
    if (2 * this.#size > this.#slots.length) this.#spread();
    return code;
  }

  /** Puts all words into twice as many slots. */
  #spread(): void {
    const mask = 2 * this.#slots.length - 1;
    this.#slots = new Int32Array(mask + 1).fill(-1);
    for (let code = 0; code < this.#size; code++) {
      let slot = this.#hashes[code] & mask;
      while (this.#slots[slot] >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = code;
    }
  }
}

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

function hashOf(bytes: Uint8Array, from: number, length: number): number {
  let hash = FNV_OFFSET;
  for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ bytes[i], FNV_PRIME);
  // The low bits choose the slot; the high ones are stirred in.
  return hash ^ (hash >>> 15);
}

function doubled<Column extends Uint8Array | Int32Array>(column: Column): Column {
  const grown = new (column.constructor as new (length: number) => Column)(2 * column.length);
  grown.set(column);
  return grown;
}
