import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Whether there is a psql, which copies without a program of ours in between. */
export const hasPsql = spawnSync('psql', ['--version']).status === 0;

/** Tables as ours, but for what we keep of where a row comes from. */
const PEER_TABLES = `
  create table partner (
    partner_id text not null, known_at timestamptz not null, name text not null, type text, country text, region text,
    industry text, employees bigint, signed_on date, primary key (partner_id, known_at));
  create table event (
    partner_id text not null, event_id text not null, known_at timestamptz not null, happened_at timestamptz not null,
    kind text not null, contact_id text, value double precision, primary key (partner_id, event_id, known_at));`;
const PEER_STAGING = `
  create temp table staged_partner (partner_id text, name text, type text, country text, region text, industry text,
    employees bigint, signed_on date) on commit drop;
  create temp table staged_event (event_id text, partner_id text, kind text, happened_at timestamptz, contact_id text,
    value double precision) on commit drop;`;
const PEER_INSERTS = `
  insert into partner (partner_id, known_at, name, type, country, region, industry, employees, signed_on)
    select partner_id, signed_on, name, type, country, region, industry, employees, signed_on from staged_partner
    on conflict do nothing;
  insert into event (partner_id, event_id, known_at, happened_at, kind, contact_id, value)
    select partner_id, event_id, happened_at, happened_at, kind, contact_id, value from staged_event
    on conflict do nothing;`;

/**
 * Loads the same files as one would without us, all or nothing, trusting every row.
 * @returns how many seconds it took
 */
export async function copyByPeer(files: string, url: string): Promise<number> {
  await query(url, PEER_TABLES);
  const copies: [table: string, file: string][] = [
    ['staged_partner', join(files, 'partners.csv')],
    ['staged_event', join(files, 'events.csv')],
  ];
  const from = performance.now();
  await (hasPsql ? copyByPsql(copies, url, join(files, 'peer.sql')) : copyByStreams(copies, url));
  return (performance.now() - from) / 1000;
}

async function copyByPsql(copies: readonly [string, string][], url: string, script: string): Promise<void> {
  const commands = copies.map(([table, file]) => `\\copy ${table} from '${file}' with (format csv, header)`);
  writeFileSync(script, ['set timezone to utc; begin;', PEER_STAGING, ...commands, PEER_INSERTS, 'commit;'].join('\n'));
  execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', script, url], { stdio: 'inherit' });
}

async function copyByStreams(copies: readonly [string, string][], url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`set timezone to utc; begin; ${PEER_STAGING}`);
  for (const [table, file] of copies) {
    const stream = client.query(copyFrom(`copy ${table} from stdin with (format csv, header)`));
    await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), stream);
  }
  await client.query(`${PEER_INSERTS} commit;`);
  await client.end();
}

/** Rows of one or more statements, on a connection of their own. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
