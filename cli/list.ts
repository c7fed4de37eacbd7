import type { Command } from 'commander';
import { formatDay } from '../features/index.ts';
import {
  mainReasons,
  scoringModels,
  tellIncident,
  tellTrackRecord,
  writeMoneyShort,
  writePercent,
} from '../models/index.ts';
import type { Context } from '../pipelines/index.ts';
import { byValueAtRisk, INCIDENT_COLUMNS, incidentRow, riskCsv, riskRows, tellIncidentWeek } from '../serve/index.ts';
import {
  incidents,
  lastIncidentWeek,
  nudges,
  type PartnerScore,
  problem,
  publicationOf,
  scoresOf,
  versionNamed,
} from '../store/index.ts';
import { whole } from './arguments.ts';
import { printProspects } from './list-prospects.ts';
import type { Session } from './session.ts';

const EVERYONE = 1_000_000;

/** `list risks|prospects|incidents|nudges`: what a person acts on, with reasons. */
export function listVerb(program: Command, session: Session): void {
  const list = program.command('list').description('what a person acts on, with reasons');
  list
    .command('risks')
    .description('the partners the team should look at this week')
    .option('--all', 'everyone who was scored, not only the list', false)
    .action(({ all }: { all: boolean }) => session.withStore((context) => printRisks(session, context, all)));
  list
    .command('incidents')
    .description('what changed, at the level where it broke')
    .option('--all', 'also those for which there was no room on the list', false)
    .option('--limit <count>', 'how many', whole(1, EVERYONE), 200)
    .action((options: { all: boolean; limit: number }) =>
      session.withStore((context) => printIncidents(session, context, options)),
    );
  list
    .command('prospects')
    .description('the companies to ask this week, with what speaks for and against each')
    .option('--all', 'also those that were approached, archived or signed since', false)
    .action(({ all }: { all: boolean }) => session.withStore((context) => printProspects(session, context, all)));
  list
    .command('nudges')
    .description('what was decided about whom to nudge')
    .option('--limit <count>', 'how many', whole(1, EVERYONE), 200)
    .action(({ limit }: { limit: number }) => session.withStore((context) => printNudges(session, context, limit)));
}

/** Prints the risk list as it stands. */
export async function printRisks({ output }: Session, { database }: Context, all: boolean): Promise<void> {
  const [model] = scoringModels;
  const publication = await publicationOf(database, model.name);
  if (!publication) throw problem('NOT_ENOUGH_DATA', 'Nobody has been scored yet. Run "partnercast run" first.');
  const page = { sort: 'value_at_risk', descending: true, limit: EVERYONE } as const;
  const scores = (await scoresOf(database, publication, all ? {} : { listed: true }, page)).sort(byValueAtRisk);
  if (output.format === 'json') output.json(riskRows(scores));
  else if (output.format === 'csv') output.raw(riskCsv(scores));
  else {
    const version = await versionNamed(database, model.name, publication.version);
    const paint = output.colour;
    output.print(
      paint.bold(`${scores.length} to review as of ${formatDay(publication.asOf)}, of ${publication.scored} at risk.`),
    );
    if (version) output.print(tellTrackRecord(version.card.trackRecord));
    scores.forEach((score, i) => {
      output.print(`\n${riskText(score, i + 1, paint)}`);
    });
  }
}

function riskText(score: PartnerScore, rank: number, paint: Session['output']['colour']): string {
  const { partner, band, probability, low, high } = score;
  const about = [partner.id, partner.type, partner.tier, partner.owner].filter((each) => each !== null).join(' · ');
  const value =
    score.valueAtRiskMinor === null || score.currency === null
      ? ''
      : `, ${writeMoneyShort(score.valueAtRiskMinor, score.currency)} at risk`;
  const risk = `${band} ${writePercent(probability)} (${Math.round(100 * low)}–${Math.round(100 * high)})`;
  const painted = band === 'high' ? paint.red(risk) : paint.yellow(risk);
  const { raising, against } = mainReasons(score.reasons);
  return [
    `${String(rank).padStart(2)}  ${paint.bold(partner.name)}  ${paint.dim(about)}`,
    `    ${painted}${value}`,
    ...raising.map(({ text, clears }) => `    - ${text}${clears ? paint.dim(` (clears with ${clears})`) : ''}`),
    ...(against ? [`    + ${against.text}`] : []),
    `    → ${score.action}`,
  ].join('\n');
}

async function printIncidents(
  { output }: Session,
  { database }: Context,
  { all, limit }: { all: boolean; limit: number },
): Promise<void> {
  const found = await incidents(database, { ...(!all && { listed: true }), limit });
  const rows = found.map(incidentRow);
  if (output.format === 'json') return output.json(rows);
  if (output.format === 'csv') {
    return output.csv(
      INCIDENT_COLUMNS,
      rows.map((row) => INCIDENT_COLUMNS.map((column) => row[column])),
      true,
    );
  }
  output.print(tellIncidentWeek(await lastIncidentWeek(database)));
  for (const [i, row] of rows.entries()) {
    output.print(`\n${row.status.padEnd(6)}  ${row.level} ${row.entity_id}\n    ${tellIncident(found[i])}`);
  }
}

async function printNudges({ output }: Session, { database }: Context, limit: number): Promise<void> {
  const rows = (await nudges(database, { limit })).map((nudge) => ({
    nudge_id: nudge.nudgeId,
    rule: nudge.rule,
    entity_id: nudge.entityId,
    episode_start: formatDay(nudge.episodeStart),
    assignment: nudge.assignment,
    assignment_probability: nudge.assignmentProbability,
    because: nudge.because,
    delivery: nudge.delivery,
  }));
  if (output.format === 'json') output.json(rows);
  else if (output.format === 'csv') {
    const columns = [
      'nudge_id',
      'rule',
      'entity_id',
      'episode_start',
      'assignment',
      'assignment_probability',
      'because',
      'delivery',
    ];
    output.csv(
      columns,
      rows.map((row) => Object.values(row)),
      true,
    );
  } else if (rows.length === 0) output.print('No nudge has been decided yet.');
  for (const row of output.format === 'text' ? rows : []) {
    const what = row.assignment === 'hold-out' ? 'held out' : (row.delivery ?? 'not sent (dry)');
    output.print(`${row.episode_start}  ${row.entity_id}  ${row.rule}  ${what}\n    ${row.because}`);
  }
}
