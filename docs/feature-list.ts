import { type CatalogueEntry, catalogueOf, type WordedView } from '../features/index.ts';

const ABOVE = `# What partnercast looks at

Made from the definitions in \`features/groups/\` by \`npm run docs\`; do not edit it, edit them.

A feature is a number about an organisation as of a day, from nothing that happened or became known on that day or later.
Unknown is null (empty in CSV); 0 is known to be none. Windows are whole days back from that day, UTC. *Qualifying
events* are those that count as doing business with you (\`qualifying_kinds\`). Money is in minor units of the reporting
currency. The sentences are reasons as they stand beside a score, with made-up numbers: for one above its peers, and for
one below. Prospects have a feature more, 1 or 0, for each country, industry and technology that ten of them have.
Features marked ° are measured among all of the day. The same as JSON: \`GET /v1/features/{view}\`, or
\`partnercast features --list --json\`.
`;

/** The list of features for people, view by view and topic by topic, as Markdown. */
export function featureList(views: readonly WordedView[]): string {
  const told = new Map<string, string>();
  const sections = views.map((view) => {
    const features = JSON.stringify(catalogueOf(view));
    const same = told.get(features);
    told.set(features, same ?? view.name);
    return same === undefined ? viewSection(view) : `## ${view.name}: the features of ${same}\n`;
  });
  return [ABOVE, ...sections].join('\n');
}

function viewSection(view: WordedView): string {
  const entries = catalogueOf(view);
  const topics = [...new Set(entries.map(({ topic }) => topic))];
  const sections = topics.map((topic) =>
    topicSection(
      topic,
      entries.filter((entry) => entry.topic === topic),
    ),
  );
  return [`## ${view.name}: ${entries.length} features of each ${view.entity}\n`, ...sections].join('\n');
}

function topicSection(topic: string, entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(({ name, relative, unit, description, unknown, high, low, clears }) =>
    row(
      `\`${name}\`${relative ? ' °' : ''}`,
      unit,
      `${description} Unknown ${unknown}.`,
      [`${high}.`, `${low}.`, ...(clears === null ? [] : [`*Clears with ${clears}.*`])].join('<br>'),
    ),
  );
  const header = row('feature', 'unit', 'what it measures', 'as a reason: above the peers, below them');
  return [`### ${topic}\n`, header, row('---', '---', '---', '---'), ...rows, ''].join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
