/** Bytes of one field, or null. */
export type CopyField = Uint8Array | null;

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags and the length of a header extension that nobody uses. */
const HEADER_BYTES = SIGNATURE.length + 8;
const MICROSECONDS_2000 = Date.UTC(2000, 0, 1) * 1000;

/**
 * The rows of a stream in COPY's binary format. The array handed out is used again for the next row.
 * Source: PostgreSQL documentation, COPY, "Binary Format".
 * @throws Error when the stream is no such format or ends in the middle of a row
 */
export async function* readCopyBinary(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<CopyField[]> {
  let pending: Buffer = Buffer.alloc(0);
  let headerRead = false;
  const fields: CopyField[] = [];
  for await (const piece of pieces) {
    pending = pending.length === 0 ? asBuffer(piece) : Buffer.concat([pending, piece]);
    if (!headerRead && pending.length < HEADER_BYTES) continue;
    let at = headerRead ? 0 : skipHeader(pending);
    headerRead = true;
    for (let end = readRow(pending, at, fields); end !== null; end = readRow(pending, at, fields)) {
      if (end === TRAILER) return;
      yield fields;
      at = end;
    }
    pending = pending.subarray(at);
  }
  throw new Error('the binary COPY stream ended in the middle of a row');
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}

function skipHeader(bytes: Buffer): number {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('not a binary COPY stream');
  return HEADER_BYTES;
}

const TRAILER = -1;

/** Reads the row at a position into `fields`; returns where the next begins, or null when it is not all there yet. */
function readRow(bytes: Buffer, from: number, fields: CopyField[]): number | null {
  if (from + 2 > bytes.length) return null;
  const count = bytes.readInt16BE(from);
  if (count === -1) return TRAILER;
  let at = from + 2;
  fields.length = count;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) return null;
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) {
      fields[i] = null;
      continue;
    }
    if (at + length > bytes.length) return null;
    fields[i] = bytes.subarray(at, at + length);
    at += length;
  }
  return at;
}

/** A field of type text. */
export function textField(field: CopyField): string | null {
  return field === null ? null : asBuffer(field).toString('utf8');
}

/** A field of type double precision. */
export function doubleField(field: CopyField): number | null {
  return field === null ? null : view(field).getFloat64(0);
}

/** A field of type timestamptz, as milliseconds since 1970. */
export function instantField(field: CopyField): number | null {
  if (field === null) return null;
  const data = view(field);
  return (data.getInt32(0) * 4294967296 + data.getUint32(4) + MICROSECONDS_2000) / 1000;
}

function view(field: Uint8Array): DataView {
  return new DataView(field.buffer, field.byteOffset, field.length);
}
