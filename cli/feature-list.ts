import { catalogueOf, type WordedView } from '../features/index.ts';
import { type Output, table } from './output.ts';

/** What the features of views are, as their definitions say it. */
export function listFeatures(output: Output, views: readonly WordedView[]): void {
  if (output.format === 'json') {
    output.json(views.map((view) => ({ view: view.name, entity: view.entity, features: catalogueOf(view) })));
    return;
  }
  const entries = views.flatMap((view) => catalogueOf(view).map((entry) => ({ view: view.name, ...entry })));
  if (output.format === 'csv') {
    const rows = entries.map((entry) =>
      COLUMNS.map((column) => (column === 'relative' ? Number(entry.relative) : entry[column])),
    );
    output.csv(COLUMNS, rows);
    return;
  }
  for (const view of views) {
    const rows = catalogueOf(view).map(({ name, unit, topic, description }) => [name, unit, topic, description]);
    output.print(`${views[0] === view ? '' : '\n'}${view.name}: ${rows.length} features of each ${view.entity}\n`);
    output.print(table([['feature', 'unit', 'topic', 'what it measures'], ...rows]));
  }
}

const COLUMNS = [
  'view',
  'name',
  'unit',
  'topic',
  'relative',
  'description',
  'unknown',
  'high',
  'low',
  'clears',
] as const;
