import { SingleBar } from 'cli-progress';
import { stringify } from 'csv-stringify/sync';
import pc from 'picocolors';

/** How results are printed. */
export type Format = 'text' | 'json' | 'csv';

/** Where a verb says things: results on stdout, everything else on stderr. */
export interface Output {
  format: Format;
  colour: ReturnType<typeof pc.createColors>;
  /** A line or more of a result for people, made harmless; beside a machine's format it goes to stderr. */
  print(text: string): void;
  /** A result that is text already, its last line feed included. */
  raw(text: string): void;
  /** The one JSON document of a result. */
  json(document: unknown): void;
  /**
   * A table with a header. Text that a spreadsheet would run as a formula is defused, where people open the table.
   */
  csv(columns: readonly string[], rows: readonly (readonly unknown[])[], forPeople?: boolean): void;
  /** A sentence about how the work goes. */
  say(sentence: string): void;
  /** A bar while something of known size goes on; only on a terminal. */
  progress(title: string, total: number): { at(done: number): void; end(): void };
}

/** @param stdout where results go  @param stderr where all else goes */
export function openOutput(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Output {
  const coloured = Boolean(stdout.isTTY) && !environment['NO_COLOR'];
  const output: Output = {
    format: 'text',
    colour: pc.createColors(coloured),
    print: (text) => (output.format === 'text' ? stdout : stderr).write(`${harmlessButColours(text)}\n`),
    raw: (text) => stdout.write(text),
    json: (document) => stdout.write(`${JSON.stringify(document, null, 2)}\n`),
    csv: (columns, rows, forPeople = false) => stdout.write(toCsv(columns, rows, forPeople)),
    say: (sentence) => stderr.write(`${harmless(sentence)}\n`),
    progress(title, total) {
      if (!stderr.isTTY || total <= 0) return { at: () => {}, end: () => {} };
      const bar = new SingleBar({
        format: `${harmless(title)} {bar} {percentage} %`,
        stream: stderr,
        hideCursor: true,
      });
      bar.start(total, 0);
      return { at: (done) => bar.update(done), end: () => bar.stop() };
    },
  };
  return output;
}

/**
 * Text from outside as a terminal may show it: control characters and those that turn the direction of writing are
 * spelt out.
 */
export function harmless(text: string): string {
  return text.replace(HARMFUL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same of text that we have coloured ourselves. */
function harmlessButColours(text: string): string {
  const parts = text.split(COLOUR);
  return parts.map((part, i) => (i % 2 === 0 ? harmless(part) : part)).join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what begins a colour is a control character
const COLOUR = /(\u001b\[\d+m)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A CSV text with a header; null is empty. */
export function toCsv(columns: readonly string[], rows: readonly (readonly unknown[])[], forPeople: boolean): string {
  return stringify([columns as unknown[], ...(rows as unknown[][])], { escape_formulas: forPeople });
}

/** Columns side by side, the first row being the header; numbers to the right, with gaps among them or none. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const isNumber = rows[0].map((_, column) =>
    rows.slice(1).every((row) => typeof row[column] === 'number' || row[column] === ''),
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => (isNumber[i] ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
