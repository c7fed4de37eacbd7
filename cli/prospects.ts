import { type Command, InvalidArgumentError } from 'commander';
import { type ProspectAction, problem, prospectActions, recordProspect } from '../store/index.ts';
import type { Session } from './session.ts';

/** `prospects record`: what was done with a prospect. */
export function prospectsVerb(program: Command, session: Session): void {
  program
    .command('prospects')
    .description('act on the list of prospects')
    .command('record')
    .description('note what was done with a prospect: it leaves the list, and what comes of it is learnt from')
    .argument('<id>', 'which prospect')
    .requiredOption('--action <what>', `${prospectActions.join(', ')}; reopened takes the last back`, action)
    .action((id: string, options: { action: ProspectAction }) =>
      session.withStore(async ({ database, clock }) => {
        if (!(await recordProspect(database, id, options.action, new Date(clock())))) {
          throw problem(
            'USAGE',
            `There is no prospect ${JSON.stringify(id)}. "partnercast list prospects" shows those of the week.`,
          );
        }
        const { output } = session;
        const row = { prospect_id: id, action: options.action };
        if (output.format === 'json') output.json(row);
        else if (output.format === 'csv') output.csv(Object.keys(row), [Object.values(row)], true);
        else output.print(`${id}: ${options.action}.`);
      }),
    );
}

function action(text: string): ProspectAction {
  const found = prospectActions.find((each) => each === text);
  if (!found) throw new InvalidArgumentError(`Choose one of ${prospectActions.join(', ')}.`);
  return found;
}
