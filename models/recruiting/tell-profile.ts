import { formatDay } from '../../features/index.ts';
import type { Measured } from '../bootstrap.ts';
import { writePercent } from '../words.ts';
import type { ProfileDiff } from './diff-profiles.ts';
import type { Profile, ProfileTrait } from './profile.ts';

/** A profile as a Markdown document. */
export function tellProfile(profile: Profile): string {
  const { version, learntUntil, partners, top, baseRate, traits, source } = profile;
  const origin = source === 'learnt' ? 'Learnt' : 'Written by hand, measured';
  const base = partners > 0 ? `, ${top} of them top (${writePercent(baseRate)})` : '';
  return [
    '# Ideal Partner Profile',
    `Version ${version}. ${origin} from what was known on ${formatDay(learntUntil)} of ${partners} partners${base}.`,
    profile.says,
    ...(traits.length > 0 ? [tableOf(traits)] : []),
    ...caveats(profile),
  ]
    .join('\n\n')
    .concat('\n');
}

function tableOf(traits: readonly ProfileTrait[]): string {
  const rows = traits.map(({ says, trait, direction, lift, support, stability, q }) => [
    `${plain(says)} (\`${trait}\`)`,
    direction,
    tellLift(lift),
    `${support.top} of ${support.partners}`,
    Number.isNaN(stability) ? '' : writePercent(stability),
    Number.isNaN(q) ? '' : tellRate(q),
  ]);
  const header = ['Trait', 'Speaks', 'Lift (95 %)', 'Top of those with it', 'Stable', 'q'];
  return [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function caveats({ considered, falseDiscoveryRate, excluded, repeats, traits }: Profile): string[] {
  const lines = [
    `${considered} traits were looked at; of those chosen, at most ${writePercent(falseDiscoveryRate)} are there by ` +
      'chance on average. A lift is how many times as often as any partner one with the trait is top: an association, ' +
      'not a cause, and measured on companies that were approached and signed.',
  ];
  if (repeats.length > 0)
    lines.push(
      'Left out, as they repeat a stronger trait:',
      list(repeats, ({ of }) => `goes with \`${of}\``),
    );
  if (excluded.length > 0)
    lines.push(
      'Left out by their clock, as consequences of a partnership:',
      list(excluded, ({ why }) => why),
    );
  return traits.length > 0 || excluded.length > 0 ? lines : lines.slice(0, 1);
}

function list<Item extends { trait: string }>(items: readonly Item[], why: (item: Item) => string): string {
  return items.map((item) => `- \`${plain(item.trait)}\`: ${why(item)}`).join('\n');
}

/** What became of a profile, a line per trait; empty where nothing did. */
export function tellDiff({ added, removed, changed }: ProfileDiff): string[] {
  return [
    ...added.map(({ says, direction, lift }) => `new: ${says}, ${direction} (lift ${tellLift(lift)})`),
    ...removed.map(({ says, direction }) => `gone: ${says}, was ${direction}`),
    ...changed.map(
      ({ says, before, after }) =>
        `changed: ${says}, lift ${tellLift(before.lift)} ${before.direction} → ${tellLift(after.lift)} ${after.direction}`,
    ),
  ];
}

/** `1.6 (1.3–2.0)`; `–` where nothing was measured. */
function tellLift({ value, low, high }: Measured): string {
  if (Number.isNaN(value)) return '–';
  return `${value.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
}

function tellRate(q: number): string {
  return q < 0.001 ? '< 0.001' : q.toFixed(3);
}

/** Words of the data that would end a cell or begin a tag. */
function plain(text: string): string {
  return text.replace(/[|`<>]/g, (character) => ({ '|': '\\|', '`': "'", '<': '‹', '>': '›' })[character] as string);
}
