import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../pipelines/ingest/csv.ts';
import type { RawRow } from '../../pipelines/ingest/raw-rows.ts';

/** All rows of a text that arrives in pieces of some size. */
async function rowsOf(text: string | Buffer, pieceSize = 1 << 16): Promise<RawRow[]> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  }
  const rows: RawRow[] = [];
  for await (const batch of readCsv(pieces())) rows.push(...batch);
  return rows;
}

const fieldsOf = async (text: string | Buffer) => (await rowsOf(text)).map(({ fields }) => fields);

describe('CSV', () => {
  it('reads quotes, line feeds inside them, and either kind of line end', async () => {
    expect(await rowsOf('a,b\r\n1,"x ""y"",\nz"\r\n3,4')).toEqual([
      { line: 1, fields: ['a', 'b'], raw: 'a,b' },
      { line: 2, fields: ['1', 'x "y",\nz'], raw: '1,"x ""y"",\nz"' },
      { line: 4, fields: ['3', '4'], raw: '3,4' },
    ]);
  });

  it('drops a byte order mark and blank lines', async () => {
    expect(await fieldsOf('\ufeffa,b\n\n1,2\n\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it.each([
    ['a;b;c\n1;2,5;3', ['1', '2,5', '3']],
    ['a\tb\n1\t2', ['1', '2']],
    ['a|b\n1|2', ['1', '2']],
    ['sep=;\na;b,c\n1;2', ['1', '2']],
    ['\n\na;b\n1;2', ['1', '2']],
    ['"a";"b, c, d, ""e"\n1;2', ['1', '2']],
  ])('finds the delimiter of %j', async (text, row) => {
    expect((await fieldsOf(text))[1]).toEqual(row);
  });

  it('keeps a carriage return that ends no line', async () => {
    expect(await fieldsOf('a,b\n"1",x\ry\n2,"x\ry"\n3,z')).toEqual([
      ['a', 'b'],
      ['1', 'x\ry'],
      ['2', 'x\ry'],
      ['3', 'z'],
    ]);
  });

  it.each(['a,b\r1,2\r3,4', 'a,b\r"1,5",2\r3,4\r', 'a,b\r1,"2\r3,4'])(
    'refuses lines that end with CR alone: %j',
    async (text) => {
      await expect(rowsOf(text)).rejects.toThrow(RangeError);
      await expect(rowsOf(text)).rejects.toThrow(/lines end with CR alone: save it with LF or CRLF/);
    },
  );

  it('counts lines as an editor does, whatever stands before the header', async () => {
    expect((await rowsOf('sep=;\n\na;b\n1;2')).map(({ line }) => line)).toEqual([3, 4]);
  });

  it('a line without an end is given up before it fills the memory', async () => {
    await expect(rowsOf(`a,b\n1,"${'x'.repeat(21_000_000)}"\n`)).rejects.toThrow(/longer than 20000000 characters/);
  });

  it('a row with a broken quote costs that line alone', async () => {
    const rows = await rowsOf('a,b\n1,x"y\n2,ok\n3,"z"w\n4,ok\n5,"open\n6,ok\n7,"fine, too"\n');
    expect(rows.map(({ line, fields }) => [line, fields?.[0] ?? null])).toEqual([
      [1, 'a'],
      [2, null],
      [3, '2'],
      [4, null],
      [5, '4'],
      [6, null],
      [7, '6'],
      [8, '7'],
    ]);
  });

  it('a quote that is never closed does not swallow the rest of a long file', async () => {
    const tail = Array.from({ length: 3000 }, (_, i) => `${i},ok`).join('\n');
    const rows = await rowsOf(`a,b\n"oops,1\n${tail}\n`);
    expect(rows.filter(({ fields }) => fields === null)).toHaveLength(1);
    expect(rows).toHaveLength(3002);
  });

  it.each([
    [Buffer.from('a,b\n1,M\xfcller', 'latin1'), /not UTF-8: there is an invalid byte/],
    [Buffer.from('\ufeffa,b\n1,2', 'utf16le'), /not UTF-8: it looks like UTF-16/],
  ])('refuses another encoding and says what to do', async (bytes, message) => {
    await expect(rowsOf(bytes)).rejects.toThrow(message);
    await expect(rowsOf(bytes)).rejects.toThrow(/Save it again as UTF-8/);
  });

  it('what was written is what is read, in pieces of any size', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', ',', '\n', ' ', ';', '0'), maxLength: 6 });
    const table = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, pieceSize) => {
        const all = [['id', 'b', 'c'], ...rows.map((row, i) => [`r${i}`, row[1], row[2]])];
        const read = await rowsOf(stringify(all, { quoted: true }), pieceSize);
        expect(read.map(({ fields }) => fields)).toEqual(all);
      }),
    );
  });
});
