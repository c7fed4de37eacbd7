import {
  type AnyModel,
  classScoringModels,
  isClassModel,
  type Judgement,
  judgeClassSupply,
  judgeSupply,
  maturityDays,
  nothingFor,
  scoringModels,
  settledClasses,
  settledRows,
  supplyOf,
} from '../models/index.ts';
import { eventKinds, type ProblemCode, type QuarantinedRow, quarantined, stubPartners } from '../store/index.ts';
import { asDeclared } from './class-model.ts';
import type { Context } from './context.ts';
import { programFacts } from './facts.ts';
import { type IngestReport, ingest } from './ingest/ingest.ts';
import type { Mapping } from './ingest/mapping.ts';
import { buildPanel, trainingCutoffs } from './panel.ts';

const REFUSED_SHOWN = 1000;

/** What files would come to. */
export interface CheckReport extends IngestReport {
  /** The first of the rows that would be refused. */
  refused: QuarantinedRow[];
  kinds: { kind: string; events: number; qualifying: boolean }[];
  /** Partners that events or agreements name and no partner row defines. */
  stubs: number;
  sufficient: ({ model: string } & Judgement)[];
}

/**
 * Reads files as `ingest` would, into a store that is thrown away, and says what they hold and suffice for.
 * @param scratch a context on an empty store
 * @param loadedBefore the inputs that the source has loaded into the real store: what is new of them is known from today
 * @throws a problem `DATA_REFUSED` when a file cannot be decoded or its header does not fit
 */
export async function check(
  scratch: Context,
  paths: readonly string[],
  mapping: Mapping,
  loadedBefore: readonly string[] = [],
): Promise<CheckReport> {
  const settings = { mapping, backfill: false, maxBad: 100, now: scratch.clock() };
  const report = await ingest(scratch.database, paths, settings);
  const qualifying = new Set(scratch.settings.qualifying_kinds);
  const kinds = await eventKinds(scratch.database);
  const sufficient: CheckReport['sufficient'] = [];
  for (const model of [...scoringModels, ...classScoringModels])
    sufficient.push({ model: model.name, ...(await sufficiency(scratch, model)) });
  const old = report.files.filter((file) => loadedBefore.includes(file.table) && !file.has_known_at);
  return {
    ...report,
    knownFromToday: [...new Set(old.map(({ file }) => file))],
    refused: await quarantined(scratch.database, REFUSED_SHOWN),
    kinds: kinds.map((each) => ({ ...each, qualifying: qualifying.has(each.kind) })),
    stubs: await stubPartners(scratch.database),
    sufficient,
  };
}

async function sufficiency(context: Context, model: AnyModel): Promise<Judgement> {
  let source: Awaited<ReturnType<typeof programFacts>>;
  try {
    source = await programFacts(context);
  } catch (error) {
    if ((error as { code?: ProblemCode }).code !== 'NOT_ENOUGH_DATA') throw error;
    return nothingFor((error as Error).message);
  }
  const until = source.latestAsOf;
  const cutoffs = trainingCutoffs(model, source, until);
  if (cutoffs.length === 0) {
    const months = Math.round(maturityDays(model.label) / 30);
    return nothingFor(`too few months of events: an outcome takes ${months} of them to be known`);
  }
  if (isClassModel(model)) {
    const panel = await buildPanel(asDeclared(model, context.settings), source, cutoffs, [until]);
    return judgeClassSupply(settledClasses(panel, until, () => true));
  }
  const panel = await buildPanel(model, source, cutoffs, [until]);
  return judgeSupply(supplyOf(settledRows(panel, until, () => true)), model.words);
}
