import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, transpile } from '@observablehq/notebook-kit';
import { JSDOM } from 'jsdom';
import markdownIt from 'markdown-it';

/**
 * Runs every notebook of this folder (Observable's notebook format) from top to bottom without a browser, and writes
 * what comes out as plain HTML to `out/`. The first cell that throws ends it with an error.
 */

type Notebook = ReturnType<typeof deserialize>;
type Cell = Notebook['cells'][number];
type Values = Record<string, unknown>;

const HERE = fileURLToPath(new URL('.', import.meta.url));
const { window } = new JSDOM('');
const markdown = markdownIt({ html: true });
// Notebooks are written for a browser, where the document is at hand.
Object.assign(globalThis, { document: window.document });

/** What a page may not hold: anything that it would ask the network for. */
const REQUESTS =
  /<(?:script|link|img|iframe|object|embed|video|audio|source)\b|\bsrc\s*=|@import|\burl\(\s*['"]?(?!#)/i;

for (const file of readdirSync(HERE).filter((name) => name.endsWith('.html'))) {
  const from = performance.now();
  const notebook = deserialize(readFileSync(`${HERE}${file}`, 'utf8'), { parser: new window.DOMParser() });
  mkdirSync(`${HERE}out`, { recursive: true });
  const page = await render(notebook, basename(file, '.html'));
  // Code is shown as text: only what stands outside of it could ask for anything.
  const [request] = REQUESTS.exec(page.replace(/<pre>.*?<\/pre>/gs, '')) ?? [];
  if (request !== undefined) throw new Error(`${file} as rendered would ask the network for something: ${request}`);
  writeFileSync(`${HERE}out/${file}`, page);
  process.stdout.write(
    `${file}: ${notebook.cells.length} cells, ${((performance.now() - from) / 1000).toFixed(1)} s\n`,
  );
}

async function render(notebook: Notebook, name: string): Promise<string> {
  const values: Values = { md };
  const parts: string[] = [];
  for (const cell of notebook.cells) {
    const shown = await run(cell, values, name).catch((error) => {
      throw new Error(`cell ${cell.id} of ${name} threw: ${(error as Error).stack}`);
    });
    const code = cell.mode === 'md' ? '' : `<details><summary>code</summary><pre>${asText(cell.value)}</pre></details>`;
    parts.push(`<section>${shown.join('\n')}${code}</section>`);
  }
  return page(notebook.title, parts.join('\n'));
}

/** Runs a cell as a module beside the notebooks, so that its imports are found; returns what it showed. */
async function run(cell: Cell, values: Values, name: string): Promise<string[]> {
  const { body, inputs = [], outputs = [], autodisplay } = transpile(cell, {});
  const shown: string[] = [];
  const given: Values = { ...values, display: (value: unknown) => shown.push(toHtml(value)) };
  const missing = inputs.filter((input) => !(input in given) && !(input in globalThis));
  if (missing.length > 0) throw new ReferenceError(`no cell above defines ${missing.join(', ')}`);
  const module = `${HERE}.cell-${name}-${cell.id}.mjs`;
  writeFileSync(module, `export default ${body}`);
  try {
    const { default: perform } = await import(module);
    const result = await perform(
      ...inputs.map((input) => given[input] ?? globalThis[input as keyof typeof globalThis]),
    );
    if (autodisplay) shown.push(toHtml(result));
    for (const output of outputs) values[output] = result[output];
  } finally {
    rmSync(module);
  }
  return shown;
}

/** A Markdown text with values in it. */
function md(texts: TemplateStringsArray, ...inserted: unknown[]): { html: string } {
  return { html: markdown.render(String.raw({ raw: texts }, ...inserted)) };
}

/** A table of DanfoJS. */
interface Frame {
  columns: string[];
  values: unknown[][];
}

function isFrame(value: object): value is Frame {
  return 'columns' in value && 'values' in value && Array.isArray(value.columns) && Array.isArray(value.values);
}

function rowsOf({ columns, values }: Frame): Record<string, unknown>[] {
  return values.map((row) => Object.fromEntries(columns.map((name, i) => [name, shortened(row[i])])));
}

/** Sums of probabilities have more digits than anybody reads. */
function shortened(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

/** Elements as they are, rows and frames as a table, all else as text. */
function toHtml(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if ('html' in value) return String(value.html);
    if ('outerHTML' in value) return String(value.outerHTML);
    if (isFrame(value)) return toTable(rowsOf(value));
    if (Array.isArray(value) && typeof value[0] === 'object') return toTable(value);
  }
  return `<pre>${asText(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</pre>`;
}

function toTable(rows: readonly Record<string, unknown>[]): string {
  const cells = (tag: string, row: readonly unknown[]) =>
    `<tr>${row.map((cell) => `<${tag}>${asText(String(cell))}</${tag}>`).join('')}</tr>`;
  const names = Object.keys(rows[0]);
  return `<table>${cells('th', names)}${rows
    .map((row) =>
      cells(
        'td',
        names.map((name) => row[name]),
      ),
    )
    .join('')}</table>`;
}

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${asText(title)}</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1a2233; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.8rem; border-top: 1px solid #d8dde8; text-align: left; }
pre { overflow-x: auto; background: #f4f6fa; padding: 0.6rem; }
summary { color: #566074; font-size: 0.85rem; }
svg { max-width: 100%; height: auto; }
</style></head><body>
${body}
</body></html>
`;
}
