import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type FeatureTable, rowCount } from './feature-table.ts';
import { requireNoted, type TableNotes } from './table-notes.ts';
import { formatDay } from './time.ts';

/** Rows of a row group at most: they are boxed while they are written. */
const GROUP_ROWS = 20_000;

/**
 * Feature tables as one Parquet file with the columns of `arrowBytes`, a row group or more each; unknown is null. The
 * notes are its key-value metadata, with unit and description of each feature as JSON under `features`. Memory is
 * bounded by a table.
 * @throws RangeError when a table has other columns than the notes
 */
export async function* parquetBytes(
  tables: AsyncIterable<FeatureTable>,
  notes: TableNotes,
): AsyncGenerator<Uint8Array, void> {
  const writer = new ByteWriter();
  const none: FeatureTable = {
    names: notes.features.map(({ name }) => name),
    entities: [],
    cutoffs: new Float64Array(0),
    columns: notes.features.map(() => new Float32Array(0)),
    atRisk: new Uint8Array(0),
    peers: [],
  };
  const schema = schemaFromColumnData({ columnData: columnsOf(none, 0, 0) });
  const parquet = new ParquetWriter({ writer, schema, kvMetadata: metadataOf(notes), createdBy: 'partnercast' });
  for await (const table of tables) {
    requireNoted(table, notes);
    const rows = rowCount(table);
    for (let from = 0; from < rows; from += GROUP_ROWS) {
      const to = Math.min(rows, from + GROUP_ROWS);
      await parquet.write({ columnData: columnsOf(table, from, to), rowGroupSize: to - from });
      yield taken(writer);
    }
  }
  await parquet.finish();
  yield taken(writer);
}

/** What has been written since it was last taken; offsets go on counting from the beginning of the file. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = new Uint8Array(writer.getBuffer());
  writer.index = 0;
  return bytes;
}

function metadataOf({ view, cutoffs, currency, features }: TableNotes): { key: string; value: string }[] {
  const described = Object.fromEntries(
    features.map(({ name, unit, description }) => [name, { unit, description }] as const),
  );
  return [
    { key: 'view', value: view },
    { key: 'cutoffs', value: cutoffs.map(formatDay).join(',') },
    { key: 'currency', value: currency },
    { key: 'features', value: JSON.stringify(described) },
  ];
}

function columnsOf(table: FeatureTable, from: number, to: number): ColumnSource[] {
  const cutoffs = Array.from(table.cutoffs.subarray(from, to), (cutoff) => new Date(cutoff));
  return [
    { name: 'entity_id', data: table.entities.slice(from, to), type: 'STRING', nullable: false },
    { name: 'cutoff', data: cutoffs, type: 'TIMESTAMP', nullable: false },
    { name: 'at_risk', data: Array.from(table.atRisk.subarray(from, to), Boolean), type: 'BOOLEAN', nullable: false },
    ...table.names.map((name, i) => ({
      name,
      data: Array.from(table.columns[i].subarray(from, to), (value) => (Number.isNaN(value) ? null : value)),
      type: 'FLOAT' as const,
    })),
  ];
}
