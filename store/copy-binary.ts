const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags and the length of a header extension that nobody uses. */
const HEADER_BYTES = SIGNATURE.length + 8;
const TRAILER = -1;
const MICROSECONDS_2000 = Date.UTC(2000, 0, 1) * 1000;
const NOTHING = Buffer.alloc(0);

/**
 * The row of a COPY stream that is being visited: where in `bytes` each field lies. It is one object for all rows; the
 * bytes stay as they are when it has gone on to the next.
 */
export class CopyRow {
  bytes: Buffer = NOTHING;
  /** Per field, its first byte. */
  readonly from: Int32Array;
  /** Per field, how many bytes it has; −1 is null. */
  readonly length: Int32Array;
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(fields: number) {
    this.from = new Int32Array(fields);
    this.length = new Int32Array(fields);
  }

  /** Goes to other bytes. */
  over(bytes: Buffer): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** A field of type text; null is null. */
  text(field: number): string | null {
    const from = this.from[field];
    return this.length[field] < 0 ? null : this.bytes.toString('utf8', from, from + this.length[field]);
  }

  /** A field of type double precision; null is NaN, which the store holds nowhere. */
  double(field: number): number {
    return this.length[field] < 0 ? Number.NaN : this.#view.getFloat64(this.from[field]);
  }

  /** A field of type timestamptz, as milliseconds since 1970; null is NaN. */
  instant(field: number): number {
    if (this.length[field] < 0) return Number.NaN;
    const from = this.from[field];
    const high = this.#view.getInt32(from);
    const low = this.#view.getUint32(from + 4);
    if (low === 0 && high === LEAST) return Number.NEGATIVE_INFINITY;
    return (high * 4294967296 + low + MICROSECONDS_2000) / 1000;
  }

  /** Takes the row at a position; returns where the next begins, or null when it is not all there yet. */
  take(at: number): number | null {
    const { bytes, from, length } = this;
    if (at + 2 > bytes.length) return null;
    const count = this.#view.getInt16(at);
    if (count === TRAILER) return TRAILER;
    if (count !== from.length) throw new RangeError(`the rows have ${count} fields, not ${from.length}`);
    let next = at + 2;
    for (let field = 0; field < count; field++) {
      if (next + 4 > bytes.length) return null;
      const size = this.#view.getInt32(next);
      next += 4;
      from[field] = next;
      length[field] = size;
      if (size > 0) next += size;
    }
    return next > bytes.length ? null : next;
  }
}

/** The high half of the timestamp −infinity. */
const LEAST = -2147483648;

/**
 * Shows every row of a stream in COPY's binary format, without making anything of it.
 * Source: PostgreSQL documentation, COPY, "Binary Format".
 * @param fields how many each row has
 * @throws Error when the stream is no such format or ends in the middle of a row
 */
export async function visitCopyRows(
  pieces: AsyncIterable<Uint8Array>,
  fields: number,
  visit: (row: CopyRow) => void,
): Promise<void> {
  const row = new CopyRow(fields);
  let pending: Buffer = NOTHING;
  let headerRead = false;
  let ended = false;
  for await (const piece of pieces) {
    // What comes after the trailer is the server's; a stream left before its end would leave its connection in the middle.
    if (ended) continue;
    pending = pending.length === 0 ? asBuffer(piece) : Buffer.concat([pending, piece]);
    if (!headerRead && pending.length < HEADER_BYTES) continue;
    let at = headerRead ? 0 : skipHeader(pending);
    headerRead = true;
    row.over(pending);
    let end = row.take(at);
    for (; end !== null && end !== TRAILER; end = row.take(at)) {
      visit(row);
      at = end;
    }
    ended = end === TRAILER;
    pending = pending.subarray(at);
  }
  if (!ended) throw new Error('the binary COPY stream ended in the middle of a row');
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}

function skipHeader(bytes: Buffer): number {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('not a binary COPY stream');
  return HEADER_BYTES;
}
