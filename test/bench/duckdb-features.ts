import { DuckDBInstance } from '@duckdb/node-api';
import { DAY, type Instant } from '../../features/index.ts';
import { cpuSeconds } from './event-files.ts';
import { writeTable } from './table-files.ts';
import { PEER_WINDOWS } from './window-view.ts';

/*
 * The peer's features by DuckDB, in a process of its own that tells what they took as one line of JSON:
 * `duckdb-features.ts ORDER`, an order being JSON itself.
 *
 * Of four ways to write them this was the fastest (5 million events, one thread: 11.9 CPU-s): running totals over the
 * segments between window edges in which a partner did anything, looked up at every edge by an ASOF join. The others:
 * totals over a dense grid of segments and equality joins (16.2), sums per cutoff and nested window, then a pivot (18.6),
 * and lists of totals per partner (1.6 times as slow as this one at 1 million).
 */

/** What is asked for. */
export interface DuckOrder {
  /** Where partners.csv and events.csv are. */
  files: string;
  cutoffs: Instant[];
  kinds: string[];
  threads: number;
  /** Where to write the table, after the time is taken; null for nowhere. */
  out: string | null;
}

/** What it took, reading apart. */
export interface DuckTook {
  version: string;
  cpu: number;
  wall: number;
  readCpu: number;
  megabytes: number;
}

/** How far back the totals are needed, in days. */
const BACK = [0, 7, 30, 60, 90, 120, 150, 180, 365];

/** Small whole numbers and an enumeration, as one would keep them; DuckDB sorts in memory. */
const load = (files: string, cutoffs: readonly Instant[], kinds: readonly string[]) => `
  set temp_directory = '';
  create type kinds as enum (${kinds.map((kind) => `'${kind}'`).join(', ')});
  create table partner as
    select (row_number() over (order by partner_id) - 1)::integer as p, epoch(signed_on)::integer // 86400 as signed
    from read_csv('${files}/partners.csv');
  create table event as
    select substr(partner_id, 2)::integer as p, kind::kinds as kind, epoch(happened_at)::integer as t,
      epoch(happened_at)::integer // 86400 as day,
      substr(contact_id, 2, 6)::integer * 100 + substr(contact_id, 9, 2)::integer as contact, value
    from read_csv('${files}/events.csv', columns = {'event_id': 'VARCHAR', 'partner_id': 'VARCHAR', 'kind': 'VARCHAR',
      'happened_at': 'TIMESTAMP', 'contact_id': 'VARCHAR', 'value': 'DOUBLE'});
  create table cutoff as select * from (values ${cutoffs.map((cutoff, c) => `(${c}, ${cutoff / DAY})`).join(', ')}) as t(c, midnight);`;

const each = <Of>(list: readonly Of[], text: (of: Of, i: number) => string) => list.map(text).join(', ');

/** Totals of all measures, by partner and segment with any activity. */
function totals(kinds: readonly string[]): string {
  const sums = kinds.flatMap((_, i) => [`n${i}`, `v${i}`]);
  return `
  create temp table run as with
    edge as (select distinct greatest(midnight - back, (select min(day) from event)) as day
      from cutoff, unnest([${BACK}]) as b(back)),
    segment as (select day, row_number() over (order by day) as s from edge),
    place as (select d.day, max(s) as s from (select distinct day from event) d join segment on segment.day <= d.day
      group by d.day),
    daily as (select p, day, count(*) as n,
      ${each(kinds, (kind, i) => `count(*) filter (kind = '${kind}') as n${i}, coalesce(sum(value) filter (kind = '${kind}'), 0) as v${i}`)}
      from event group by p, day),
    cell as (select p, s, ${each([...sums, 'n'], (sum) => `sum(${sum}::double) as ${sum}`)}, count(*)::double as days
      from daily join place using (day) group by p, s)
    select p, segment.day, ${each([...sums, 'n', 'days'], (sum) => `sum(${sum}) over w as ${sum}`)}
    from cell join segment using (s) window w as (partition by p order by s rows unbounded preceding);`;
}

/** Rows at risk, the totals at every edge, and who was there last when. */
const lookups = `
  create temp table here as select a.p, c, midnight, n from (select p, c, midnight from partner, cutoff) a
    asof join run on a.p = run.p and run.day < a.midnight;
  create temp table risk as select h.p, h.c, h.midnight from here h asof left join run on h.p = run.p
    and run.day < h.midnight - 90 where h.n >= 3 and h.n - coalesce(run.n, 0) >= 1;
  ${BACK.map(
    (back) => `create temp table b${back} as select h.p, c, run.* exclude (p, day)
    from (select p, c, midnight - ${back} as edge from risk) h asof left join run on h.p = run.p and run.day < h.edge;`,
  ).join('\n')}
  create temp table newest as
    select p, c, last_value(t ignore nulls) over (partition by p order by c) as t from (select p, c from partner, cutoff)
    left join (select p, c, max(t) as t from event asof join cutoff on day < midnight group by p, c) using (p, c);
  create temp table people as with
    last_day as (select p, contact, c, max(day) as day from event asof join cutoff on day < midnight
      where contact is not null group by p, contact, c),
    until as (select *, coalesce(lead(c) over (partition by contact order by c), 1000) as next from last_day)
    select p, k.c, ${each(PEER_WINDOWS, (days) => `count(*) filter (u.day >= midnight - ${days}) as c${days}`)}
    from until u join cutoff k on k.c >= u.c and k.c < u.next and u.day >= midnight - 365 group by p, k.c;`;

function features(kinds: readonly string[]): string {
  const within = (sum: string, from: number, to = 0) =>
    `(${to === 0 ? `b0.${sum}` : `coalesce(b${to}.${sum}, 0)`} - coalesce(b${from}.${sum}, 0))`;
  const windows = (name: string, sum: string) =>
    each(PEER_WINDOWS, (days) => `${within(sum, days)}::float as "${name}_${days}d"`);
  const months = [0, 1, 2, 3, 4, 5].map((i) => `${2.5 - i}::double * ${within('n', 30 * (i + 1), 30 * i)}`);
  return `
  create table feature as select c, p,
    ${each(kinds, (kind, i) => windows(`n_${kind}`, `n${i}`))}, ${each(kinds, (kind, i) => windows(`sum_${kind}`, `v${i}`))},
    ${windows('days', 'days')}, ${each(PEER_WINDOWS, (days) => `coalesce(c${days}, 0)::float as contacts_${days}d`)},
    (midnight - t / 86400::double)::float as recency_days, (midnight - signed)::float as tenure_days,
    ((${within('n', 30)} + 0.5::double) / (${within('n', 90, 30)} / 2 + 0.5::double))::float as ratio_30d_to_prev_60d,
    ((${months.join(' + ')}) / 17.5::double)::float as slope_6m
    from ${BACK.map((back) => `b${back}`)
      .join(' join ')
      .replaceAll(/(b[1-9]\d*)/g, '$1 using (p, c)')}
    join cutoff using (c) join partner using (p) join newest using (p, c) left join people using (p, c) order by c, p;`;
}

async function take({ files, cutoffs, kinds, threads, out }: DuckOrder): Promise<DuckTook> {
  const database = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await database.connect();
  const [[version]] = (await connection.runAndReadAll('select version()')).getRows() as [[string]];
  const readFrom = cpuSeconds();
  await connection.run(load(files, cutoffs, kinds));
  const [cpu, wall] = [cpuSeconds(), performance.now()];
  await connection.run(totals(kinds) + lookups + features(kinds));
  const took = {
    version,
    cpu: cpuSeconds() - cpu,
    wall: (performance.now() - wall) / 1000,
    readCpu: cpu - readFrom,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  if (out) {
    const table = await connection.runAndReadAll('select * from feature');
    const [c, p, ...columns] = table.getColumns() as number[][];
    const keys = Int32Array.from({ length: 2 * c.length }, (_, i) => (i % 2 === 0 ? c : p)[i >> 1]);
    writeTable(
      out,
      table.columnNames().slice(2),
      keys,
      columns.map((values) => Float32Array.from(values)),
    );
  }
  return took;
}

const took = await take(JSON.parse(process.argv[2]) as DuckOrder);
process.stdout.write(`${JSON.stringify(took)}\n`);
