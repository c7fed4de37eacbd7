import type { Command } from 'commander';
import { labelledTable, type PlainRows, type RankedRows, rankRows } from '../models/index.ts';
import { nearest, readCsv } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';
import { toCsv } from './output.ts';
import { bytesOf } from './plain-file.ts';
import type { Session } from './session.ts';
import { writeWhole } from './whole-file.ts';

interface Options {
  label: string;
  out: string;
}

/** Chance is fixed, so that a file is ranked the same today and tomorrow. */
const SEED = 1;

/** `propensity`: ranks the rows of a plain table by how much they are like those labelled, without a store. */
export function propensityVerb(program: Command, session: Session): void {
  program
    .command('propensity')
    .description('rank the rows of a CSV file by how much they are like those labelled 1, without a store')
    .argument('<file>', 'a CSV file with a header, of any columns, delimiter found by itself')
    .requiredOption(
      '--label <column>',
      'the column that is 1 where a row is positive and empty where that is not known',
    )
    .requiredOption('--out <file>', 'where to write row number (from 1, the header aside) and fit (0 to 1) as CSV')
    .action(async (file: string, { label, out }: Options) => {
      const { threads } = session.config().settings;
      const plain = await read(file);
      requireColumn(plain, label, file);
      const { table, labels, leftOut } = refusedAs(file, () => labelledTable(plain, label));
      for (const { column, why } of leftOut) session.output.say(`${column} ${why}; it is left out.`);
      const ranked = await rankRows(table, labels, { seed: SEED, threads }).catch((error) => refuse(file, error));
      await writeWhole(out, [written(ranked)]);
      tell(session, ranked, out);
    });
}

async function read(file: string): Promise<PlainRows> {
  const [header, ...rows] = await gather(file).catch((error) => refuse(file, error));
  if (!header || rows.length === 0)
    throw problem('DATA_REFUSED', `${file} has no rows; a header and a row for each company are needed.`);
  const names = header.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw problem('DATA_REFUSED', `${file} has the column "${twice}" twice; give each column its own name.`);
  return { header: names, rows };
}

/** @throws RangeError when a row has not as many fields as the header */
async function gather(file: string): Promise<(readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const batch of readCsv(bytesOf(file))) {
    for (const { line, fields } of batch) {
      if (fields === null) throw new RangeError(`the quotes in line ${line} do not match`);
      const width = rows[0]?.length ?? fields.length;
      if (fields.length !== width)
        throw new RangeError(`line ${line} has ${fields.length} fields where the header has ${width}`);
      rows.push(fields);
    }
  }
  return rows;
}

function requireColumn({ header }: PlainRows, label: string, file: string): void {
  if (header.includes(label)) return;
  const hint = nearest(label, header);
  throw problem('USAGE', `${file} has no column "${label}"${hint}; it has ${header.join(', ')}.`);
}

function refusedAs<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    return refuse(file, error as Error);
  }
}

function refuse(file: string, error: Error): never {
  if (!(error instanceof RangeError)) throw error;
  throw problem('DATA_REFUSED', `${file} cannot be ranked: ${error.message}.`);
}

function written({ fit }: RankedRows): string {
  const rows = Array.from(fit, (each, row) => [row + 1, Number(each.toFixed(6))]);
  return toCsv(['row', 'fit'], rows, false);
}

function tell(session: Session, { judgement }: RankedRows, out: string): void {
  const { output } = session;
  if (output.format === 'json') {
    output.json(judgement);
    return;
  }
  output.print(judgement.says);
  output.print(
    `${out}: fit is the share of rows that are less like those labelled. It ranks, and is no probability; rows not ` +
      'labelled are unknown, not negative, so that these figures say too little rather than too much.',
  );
}
