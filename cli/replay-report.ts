import { formatDay } from '../features/index.ts';
import { bandOf, type Replayed, type ScoringModel, tellReplayed, writeFate, writePercent } from '../models/index.ts';
import type { ReplayRun } from '../pipelines/index.ts';
import { type Database, partnerNames } from '../store/index.ts';
import type { Output } from './output.ts';

const COLUMNS = ['rank', 'partner_id', 'name', 'as_of', 'probability', 'band', 'listed', 'outcome'];
/** Misses that are shown to people; the machine's formats have them all. */
const MISSES_SHOWN = 12;

/** Prints the list of a past day with what happened, and whom it missed. */
export async function tellReplay(
  output: Output,
  database: Database,
  model: ScoringModel,
  { learnt, replay, knownUntil }: ReplayRun,
): Promise<void> {
  const asOf = formatDay(replay.asOf);
  const ids = [...replay.list, ...replay.misses].map(({ entityId }) => entityId);
  const names = await partnerNames(database, ids);
  const row = ({ entityId, probability, fate }: Replayed, rank: number | null) => ({
    rank,
    partner_id: entityId,
    name: names.get(entityId) ?? entityId,
    as_of: asOf,
    probability,
    band: bandOf(model, probability),
    listed: rank !== null,
    outcome: writeFate(fate, model.words),
  });
  const list = replay.list.map((replayed, i) => row(replayed, i + 1));
  const misses = replay.misses.map((replayed) => row(replayed, null));
  if (output.format === 'json') {
    const { champion, rows, partners, baseRate } = learnt;
    const { happened, stayed, open, out } = replay.atRisk;
    output.json({
      model: model.name,
      as_of: asOf,
      known_until: formatDay(knownUntil),
      learnt: { champion, rows, partners, base_rate: baseRate },
      at_risk: { went_quiet: happened, stayed, not_known_yet: open, left_out: out },
      listed: replay.listed,
      settled: replay.settled,
      hits: replay.hits,
      missed: replay.missed,
      list,
      misses,
    });
  } else if (output.format === 'csv') {
    const cells = [...list, ...misses].map((each) => Object.values({ ...each, listed: Number(each.listed) }));
    output.csv(COLUMNS, cells, true);
  } else {
    const paint = output.colour;
    const line = ({ rank, name, partner_id, band, probability, outcome }: (typeof list)[number]) =>
      `${String(rank ?? '').padStart(2)}  ${paint.bold(name)}  ${paint.dim(partner_id)}  ${band} ${writePercent(probability)}: ${outcome}`;
    output.print(paint.bold(`What would have been seen on ${asOf}: ${tellReplayed(replay, model.words)}`));
    output.print(
      `${learnt.champion}, learnt from ${learnt.rows} partner-months of ${learnt.partners} partners on record that day; ` +
        `what happened is told as known on ${formatDay(knownUntil)}.\n`,
    );
    for (const each of list) output.print(line(each));
    if (misses.length > 0) output.print(`\nNot on the list, and ${model.words.happened}; the most surprising first:`);
    for (const each of misses.slice(0, MISSES_SHOWN)) output.print(line(each));
    if (misses.length > MISSES_SHOWN) {
      output.print(`    and ${misses.length - MISSES_SHOWN} more (--csv and --json have them all)`);
    }
  }
}
