import { formatDay } from '../features/index.ts';
import { writePercent } from '../models/index.ts';
import type { Context } from '../pipelines/index.ts';
import { prospectCsv, prospectRows } from '../serve/index.ts';
import { type ListedProspect, listedProspects, problem, prospectList } from '../store/index.ts';
import type { Session } from './session.ts';

/** Prints the prospects of the week; those that something was done with only where all are asked for. */
export async function printProspects({ output }: Session, { database }: Context, all: boolean): Promise<void> {
  const list = await prospectList(database);
  if (!list) {
    throw problem(
      'NOT_ENOUGH_DATA',
      'No prospects have been listed yet. Load some (prospects.csv) with "partnercast ingest", then "partnercast run".',
    );
  }
  const prospects = (await listedProspects(database, list.asOf)).filter(({ action }) => all || action === null);
  if (output.format === 'json') output.json(prospectRows(prospects));
  else if (output.format === 'csv') output.raw(prospectCsv(prospects));
  else {
    output.print(output.colour.bold(`${prospects.length} prospects, from what was known on ${formatDay(list.asOf)}.`));
    output.print(list.says);
    for (const prospect of prospects) output.print(`\n${prospectText(prospect, output.colour)}`);
  }
}

function prospectText(prospect: ListedProspect, paint: Session['output']['colour']): string {
  const { rank, name, prospectId, country, industry, fit, accept, exploratory, matched, against, nearest } = prospect;
  const about = [prospectId, country, industry].filter((each) => each !== null).join(' · ');
  const told = [
    fit === null ? 'fit cannot be told' : `fit ${fit.toFixed(2)}`,
    accept === null ? 'whether it would sign cannot be told' : `would sign ${writePercent(accept)}`,
    ...(exploratory ? ['to explore'] : []),
    ...(prospect.action === null ? [] : [prospect.action]),
  ];
  return [
    `${String(rank).padStart(2)}  ${paint.bold(name)}  ${paint.dim(about)}`,
    `    ${told.join(', ')}`,
    ...matched.map((trait) => `    + ${trait}`),
    ...against.map((trait) => `    - ${trait}`),
    ...(nearest.length > 0 ? [`    like ${nearest.map(({ partnerId }) => partnerId).join(', ')}`] : []),
  ].join('\n');
}
