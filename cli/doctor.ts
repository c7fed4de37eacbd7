import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { DAY, formatDay } from '../features/index.ts';
import {
  type AnyModel,
  type ClassListResult,
  classScoringModels,
  inputsOfCard,
  isClassModel,
  scoringModels,
  tellClassList,
  tellDrift,
  tellList,
  tellSuspicious,
} from '../models/index.ts';
import { type Context, programFacts, tellWithoutRate, versionInUse } from '../pipelines/index.ts';
import {
  cacheState,
  type Database,
  loads,
  publicationOf,
  runs,
  scoreboardOf,
  stubPartners,
  watchesOf,
} from '../store/index.ts';
import type { Config } from './config.ts';
import type { Session } from './session.ts';

/** One thing that was looked at. */
interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'problem';
  found: string;
}

const STALE_DAYS = 3;

/** `doctor`: what stands in the way of good lists. */
export function doctorVerb(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('look for what stands in the way; ends with 1 when something does')
    .action(async () => {
      const findings = configFindings(session.config());
      await session.withStore(async (context) => {
        findings.push(
          ...(await dataFindings(context)),
          ...(await modelFindings(context)),
          ...(await runFindings(context)),
        );
      });
      tell(session, findings);
    });
}

async function dataFindings(context: Context): Promise<Finding[]> {
  const { database, clock } = context;
  const [{ version }] = await database.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  const findings: Finding[] = [{ check: 'store', state: 'ok', found: `PostgreSQL ${version}, schema up to date` }];
  const [last] = await loads(database);
  if (!last)
    return [...findings, { check: 'data', state: 'problem', found: 'nothing is loaded; use "partnercast ingest"' }];
  findings.push({ check: 'data', state: 'ok', found: `last load ${last.loadedAt.toISOString()}, of ${last.file}` });
  const stubs = await stubPartners(database);
  if (stubs > 0)
    findings.push({ check: 'partners', state: 'warning', found: `${stubs} partners are named and not defined` });
  findings.push(...(await cacheFindings(context, last.loadId)));
  return [...findings, ...(await reachFindings(context, clock()))];
}

/** How much of the facts can be read without the database. */
async function cacheFindings({ cacheDirectory }: Context, lastLoad: number): Promise<Finding[]> {
  if (cacheDirectory === null) return [];
  const state = await cacheState(cacheDirectory);
  const found =
    state === null
      ? 'no facts are kept as columns yet; the next run does it'
      : `facts of ${state.partners} partners are kept as columns, ${(state.bytes / 1e6).toFixed(1)} MB, ` +
        (state.load === lastLoad ? 'with the last load' : `up to load ${state.load} of ${lastLoad}`);
  return [{ check: 'columns', state: 'ok', found: `${found} (${cacheDirectory})` }];
}

async function modelFindings({ database, clock }: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const model of [...scoringModels, ...classScoringModels]) {
    const { name } = model;
    const { usable, faults } = await versionInUse(database, model, clock());
    const trained = usable?.registered;
    const published = await publicationOf(database, name);
    const found =
      trained && published
        ? `version ${trained.version}, ${published.scored} scored as of ${formatDay(published.asOf)}`
        : 'not trained and scored yet; use "partnercast run"';
    if (faults.length > 0)
      findings.push({ check: name, state: 'problem', found: tellFaults(faults, trained?.version) });
    else findings.push({ check: name, state: trained && published ? 'ok' : 'warning', found });
    findings.push(...suspicions(name, trained?.card));
    findings.push(...(await watchFindings(database, model)));
  }
  return findings;
}

/** Features that know too much of the outcome; cards of classes tell of none. */
function suspicions(name: string, card: object | undefined): Finding[] {
  const inputs = inputsOfCard(card ?? {});
  const suspicion = inputs && tellSuspicious(inputs);
  return suspicion ? [{ check: name, state: 'warning', found: suspicion }] : [];
}

/** Whether inputs have moved, and whether the last list whose time is over did as it said. */
async function watchFindings(database: Database, model: AnyModel): Promise<Finding[]> {
  const [watch] = await watchesOf(database, model.name, 1);
  const last = await lastCounted(database, model);
  const findings: Finding[] = [];
  if (watch) {
    const state = watch.drift.drifted.length > 0 ? 'warning' : 'ok';
    findings.push({
      check: 'inputs',
      state,
      found: `${model.name} as of ${formatDay(watch.asOf)}: ${tellDrift(watch.drift)}`,
    });
  }
  if (last) {
    const state = last.result.verdict === 'as expected' ? 'ok' : 'warning';
    findings.push({
      check: 'outcomes',
      state,
      found: `${model.name}, list of ${formatDay(last.asOf)}: ${last.told}`,
    });
  }
  return findings;
}

/** The last list whose time is over, with how it did in words; undefined when there is none. */
async function lastCounted(database: Database, model: AnyModel) {
  if (isClassModel(model)) {
    const [last] = await scoreboardOf<ClassListResult>(database, model.name, 1);
    return last && { ...last, told: tellClassList(last.result) };
  }
  const [last] = await scoreboardOf(database, model.name, 1);
  return last && { ...last, told: tellList(last.result, model.words) };
}

function tellFaults(faults: readonly string[], instead: string | undefined): string {
  const now = instead === undefined ? 'No other was in use before.' : `The last good one, ${instead}, is used instead.`;
  return `${faults.join(' ')} ${now}`;
}

async function runFindings({ database }: Context): Promise<Finding[]> {
  const failed = (await runs(database)).filter(({ status }) => status === 'failed');
  return failed.map(({ pipeline, interval_start, error }) => ({
    check: 'runs',
    state: 'warning',
    found: `${pipeline} of ${interval_start.toISOString()} failed: ${error}`,
  }));
}

function configFindings({ settings, webhookSecret, databaseUrl, data }: Config): Finding[] {
  const where =
    databaseUrl === undefined
      ? `embedded store in ${data}${existsSync(data) ? '' : ' (new)'}`
      : 'PostgreSQL at DATABASE_URL';
  const findings: Finding[] = [{ check: 'configuration', state: 'ok', found: where }];
  if (settings.nudge_send && (settings.webhook_url === null || webhookSecret === undefined)) {
    findings.push({
      check: 'nudges',
      state: 'problem',
      found: 'nudge_send is on, and webhook_url or PARTNERCAST_WEBHOOK_SECRET is missing',
    });
  }
  return findings;
}

/** How far the facts reach, and what of the last year's money they leave unknown. */
async function reachFindings(context: Context, now: number): Promise<Finding[]> {
  try {
    const { watermark, latestAsOf } = await programFacts(context);
    const days = Math.floor((now - watermark) / DAY);
    const found = `the facts reach to ${formatDay(watermark)}, ${days} days ago`;
    const unknownMoney = await tellWithoutRate(context, latestAsOf);
    return [
      { check: 'freshness', state: days > STALE_DAYS ? 'warning' : 'ok', found },
      ...(unknownMoney === null ? [] : [{ check: 'money', state: 'warning' as const, found: unknownMoney }]),
    ];
  } catch (error) {
    return [{ check: 'freshness', state: 'problem', found: (error as Error).message }];
  }
}

function tell({ output }: Session, findings: readonly Finding[]): void {
  if (output.format === 'json') output.json(findings);
  else if (output.format === 'csv')
    output.csv(
      ['check', 'state', 'found'],
      findings.map(({ check, state, found }) => [check, state, found]),
    );
  else for (const { check, state, found } of findings) output.print(`${state.padEnd(8)} ${check}: ${found}`);
  if (findings.some(({ state }) => state === 'problem')) process.exitCode = 1;
}
