import { DAY, formatDay, type Instant } from '../features/index.ts';
import {
  type AskedLater,
  beginLookingLater,
  type ClassListResult,
  type ClassModelCard,
  type ClassScoringModel,
  decideTop,
  type LaterOutcomes,
  type LookingLater,
  lookLater,
  maturityDays,
  type ScoringModel,
  seeded,
  seedFor,
  settleClassList,
  settleList,
  tellClassList,
  tellList,
} from '../models/index.ts';
import {
  keepResult,
  type Publication,
  type ScoreboardRow,
  storedClassScores,
  storedScores,
  uncountedLists,
  versionsOf,
} from '../store/index.ts';
import type { Context } from './context.ts';
import { type ProgramFacts, programFacts } from './facts.ts';
import { trainingCutoffs } from './panel.ts';

type List = Pick<Publication, 'model' | 'asOf' | 'version'>;

/** Counts the published lists whose outcomes are known by now, and keeps how they did. */
export function countLists(context: Context, model: ScoringModel, asOf: Instant): Promise<ScoreboardRow[]> {
  const settle = async (list: List, came: ReadonlyMap<string, boolean | null> | undefined) => {
    const stored = await storedScores(context.database, list);
    return settleList(stored.map((score) => ({ ...score, outcome: came?.get(score.entityId) ?? null })));
  };
  const tell = (result: ScoreboardRow['result']) => tellList(result, model.words);
  return countDue(context, asOf, model, { isAsked: () => true, later: topAmong(model), settle, tell });
}

/** The same of lists of classes, each by the label that its version had learnt, which a program may have changed since. */
export async function countClassLists(
  context: Context,
  model: ClassScoringModel,
  asOf: Instant,
): Promise<ScoreboardRow<ClassListResult>[]> {
  const { database, settings } = context;
  const versions = await versionsOf<ClassModelCard>(database, model.name);
  const labelOf = new Map(versions.map(({ version, card }) => [version, card.label.name]));
  const settle = async (list: List, came: ReadonlyMap<string, number | null> | undefined) => {
    const stored = await storedClassScores(database, list);
    const random = seeded(seedFor(settings.seed, `${list.model} ${list.asOf}`));
    return settleClassList(
      stored.map((score) => ({ ...score, outcome: came?.get(score.entityId) ?? null })),
      random,
    );
  };
  const counted: ScoreboardRow<ClassListResult>[] = [];
  for (const label of model.labels) {
    const isAsked = ({ version }: List) => labelOf.get(version) === label.name;
    const how = { isAsked, later: ({ outcomes }: LookingLater<number>) => outcomes, settle, tell: tellClassList };
    counted.push(...(await countDue(context, asOf, { ...model, label }, how)));
  }
  return counted;
}

/** How lists of one sort are counted. */
interface Counting<Outcome, Result> {
  isAsked(list: List): boolean;
  /** What is decided of all that was seen. */
  later(looking: LookingLater<Outcome>): LaterOutcomes<Outcome>;
  settle(list: List, came: ReadonlyMap<string, Outcome | null> | undefined): Promise<Result>;
  tell(result: Result): string;
}

async function countDue<Outcome extends boolean | number, Result extends { verdict: string }>(
  context: Context,
  asOf: Instant,
  asked: AskedLater<Outcome>,
  { isAsked, later, settle, tell }: Counting<Outcome, Result>,
): Promise<ScoreboardRow<Result>[]> {
  const { database } = context;
  const source = await programFacts(context);
  const knownUntil = Math.min(asOf, source.latestAsOf);
  const due = await uncountedLists(database, asked.name, knownUntil - maturityDays(asked.label) * DAY);
  const lists = due.filter(isAsked);
  if (lists.length === 0) return [];
  const looking = beginLookingLater<Outcome>(
    lists.map((list) => list.asOf),
    asked.label.topShare !== undefined ? trainingCutoffs(asked, source, knownUntil) : [],
  );
  await lookThrough(source, asked, looking, knownUntil);
  const outcomes = later(looking);
  const counted: ScoreboardRow<Result>[] = [];
  for (const list of lists) {
    const result = await settle(list, outcomes.get(list.asOf));
    const row = { asOf: list.asOf, version: list.version, knownUntil, result };
    await keepResult(database, asked.name, row);
    if (result.verdict !== 'as expected')
      context.say(`The list of ${formatDay(list.asOf)}, ${asked.name}: ${tell(result)}`);
    counted.push(row);
  }
  return counted;
}

async function lookThrough<Outcome>(
  { facts, program }: ProgramFacts,
  asked: AskedLater<Outcome>,
  looking: LookingLater<Outcome>,
  knownBy: Instant,
): Promise<void> {
  for await (const columns of facts.ranges(knownBy)) lookLater(looking, asked, columns, program, knownBy);
}

/** Who is among the highest amounts is decided among all; of other labels each outcome stands by itself. */
function topAmong({ label: { topShare } }: ScoringModel): Counting<boolean, unknown>['later'] {
  return (looking) => (topShare === undefined ? looking.outcomes : decideTop(looking, topShare));
}
