import type { Command } from 'commander';
import { formatDay, type Instant } from '../features/index.ts';
import {
  type AnyModel,
  type CardOf,
  classScoringModels,
  type Promotion,
  scoringModels,
  versionsInUse,
} from '../models/index.ts';
import { type Context, promote, rollBack } from '../pipelines/index.ts';
import { type ListedVersion, promotionsOf, versionsOf } from '../store/index.ts';
import { anyModel } from './any-model.ts';
import { day } from './arguments.ts';
import { cardCommand } from './model-card.ts';
import { table } from './output.ts';
import type { Session } from './session.ts';

interface Decision {
  by: string;
  why: string;
  from?: Instant;
}

/** `models list|card|promote|rollback`: the registry. */
export function modelsVerb(program: Command, session: Session): void {
  const models = program.command('models').description('the registry: versions, their cards, and which one is in use');
  models
    .command('list')
    .description('the versions there are, and which is in use')
    .argument('[model]', 'which score; all of them by default', anyModel)
    .action((model?: AnyModel) => session.withStore((context) => list(session, context, model)));
  cardCommand(models, session);
  deciding(models, 'promote', 'put a version in use; the decision stays on record')
    .argument('<model>', 'which score', anyModel)
    .argument('<version>', 'as "models list" names it')
    .action((model: AnyModel, version: string, said: Decision) =>
      session.withStore(async (context) => tell(session, model, await promote(context, model, version, said))),
    );
  deciding(models, 'rollback', 'put the version in use again that was before the one that is')
    .argument('<model>', 'which score', anyModel)
    .action((model: AnyModel, said: Decision) =>
      session.withStore(async (context) => tell(session, model, await rollBack(context, model, said))),
    );
}

function deciding(models: Command, name: string, description: string): Command {
  return models
    .command(name)
    .description(description)
    .option('--why <text>', 'why, for the record', 'by hand')
    .option('--by <name>', 'who decides, for the record', 'the command line')
    .option('--from <date>', 'the first day that it scores; by default the day that "run" would score', day);
}

const COLUMNS = ['model', 'version', 'trained_until', 'champion', 'state', 'in_use_from', 'decided_by', 'why'] as const;

async function list({ output }: Session, { database }: Context, model?: AnyModel): Promise<void> {
  const rows: ReturnType<typeof listed> = [];
  for (const { name } of model ? [model] : [...scoringModels, ...classScoringModels]) {
    rows.push(...listed(name, await versionsOf<CardOf<AnyModel>>(database, name), await promotionsOf(database, name)));
  }
  const cells = rows.map((row) => COLUMNS.map((column) => row[column]));
  if (output.format === 'json') output.json(rows);
  else if (output.format === 'csv') output.csv(COLUMNS, cells, true);
  else if (rows.length === 0) output.print('No version is registered yet. "partnercast train" or "run" makes one.');
  else output.print(table([COLUMNS, ...cells.map((row) => row.map((cell) => cell ?? ''))]));
}

/** Every version with what was decided about it last; one that was deleted and is to be in use is told as well. */
function listed(model: string, versions: readonly ListedVersion<CardOf<AnyModel>>[], history: readonly Promotion[]) {
  const [current] = versionsInUse(history, Number.POSITIVE_INFINITY);
  const isGone = current !== undefined && !versions.some(({ version }) => version === current);
  const decisionOn = (version: string) => history.findLast((each) => each.version === version);
  const row = (version: string, trainedUntil: Instant | null, champion: string | null, state: string) => {
    const decision = decisionOn(version);
    return {
      model,
      version,
      trained_until: trainedUntil === null ? null : formatDay(trainedUntil),
      champion,
      state,
      in_use_from: decision ? formatDay(decision.inUseFrom) : null,
      decided_by: decision?.decidedBy ?? null,
      why: decision?.why ?? versions.find((each) => each.version === version)?.card.contest?.because ?? null,
    };
  };
  return [
    ...(isGone ? [row(current, null, null, 'deleted')] : []),
    ...versions.map(({ version, trainedUntil, card }) => {
      const state = version === current ? 'in use' : decisionOn(version) ? 'was in use' : 'not promoted';
      return row(version, trainedUntil, card.champion, state);
    }),
  ];
}

function tell({ output }: Session, model: AnyModel, { version, inUseFrom, kind, decidedBy, why }: Promotion): void {
  const decision = {
    model: model.name,
    version,
    in_use_from: formatDay(inUseFrom),
    kind,
    decided_by: decidedBy,
    why,
  };
  if (output.format === 'json') output.json(decision);
  else if (output.format === 'csv') output.csv(Object.keys(decision), [Object.values(decision)], true);
  else output.print(`${model.name}: ${version} is in use from ${formatDay(inUseFrom)} on (${kind}).`);
}
