import type { Command } from 'commander';
import { table } from './output.ts';
import type { Session } from './session.ts';

/** `config explain`: each setting, its value and where it came from. */
export function configVerb(program: Command, session: Session): void {
  program
    .command('config')
    .description('the configuration')
    .command('explain')
    .description('each setting, its value and where it came from')
    .action(() => {
      const { output } = session;
      const { explained } = session.config();
      const rows = explained.map(({ key, value, from }) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
        from,
      ]);
      if (output.format === 'json') output.json(explained);
      else if (output.format === 'csv') output.csv(['key', 'value', 'from'], rows);
      else output.print(table([['setting', 'value', 'from'], ...rows]));
    });
}
