import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { formatDay, type Instant } from '../features/index.ts';
import { diffProfiles, type Profile, tellDiff, tellProfile } from '../models/index.ts';
import { type Context, importProfile, programFacts } from '../pipelines/index.ts';
import { type KeptProfile, problem, profileNamed, profilesKept } from '../store/index.ts';
import { day } from './arguments.ts';
import type { Session } from './session.ts';

const TRAIT_COLUMNS = ['trait', 'says', 'direction', 'lift', 'low', 'high', 'partners', 'top', 'stability', 'q'];

/** `ipp show|diff|import`: the Ideal Partner Profile, what top partners are like. */
export function ippVerb(program: Command, session: Session): void {
  const ipp = program.command('ipp').description('the Ideal Partner Profile: what top partners are like');
  ipp
    .command('show')
    .description('the latest profile as a document')
    .argument('[version]', 'another version')
    .option('--edited', 'the latest that was written by hand', false)
    .action((version: string | undefined, { edited }: { edited: boolean }) =>
      session.withStore(async (context) => show(session, await wanted(context, version, edited))),
    );
  ipp
    .command('diff')
    .description('what became of the profile: the last two versions, or two by their names')
    .argument('[before]', 'the earlier version')
    .argument('[after]', 'the later one; the latest by default')
    .action((before?: string, after?: string) =>
      session.withStore((context) => printDiff(session, context, before, after)),
    );
  ipp
    .command('import')
    .description('take a profile that was written by hand, and hold it against the learnt one')
    .argument('<file>', 'JSON, such as "ipp show --json" prints')
    .option('--as-of <date>', 'partners as known before this day; the midnight after the latest fact by default', day)
    .action((file: string, { asOf }: { asOf?: Instant }) =>
      session.withStore(async (context) => {
        const until = asOf ?? (await programFacts(context)).latestAsOf;
        const { profile, contest } = await importProfile(context, readJson(file), until);
        const { output } = session;
        if (output.format === 'json') output.json({ profile, contest });
        else if (output.format === 'csv') printTraits(session, profile);
        else output.print(`${tellProfile(profile)}\n${contest.says}`);
      }),
    );
}

async function wanted({ database }: Context, version: string | undefined, edited: boolean): Promise<KeptProfile> {
  if (version !== undefined) return named(database, version);
  const [latest] = await profilesKept(database, edited ? 'edited' : 'learnt', 1);
  if (latest) return latest;
  throw problem(
    'NOT_ENOUGH_DATA',
    edited
      ? 'No profile has been written by hand yet: "partnercast ipp import FILE" takes one.'
      : 'No profile has been learnt yet. Run "partnercast run" first.',
  );
}

async function named(database: Context['database'], version: string): Promise<KeptProfile> {
  const kept = await profileNamed(database, version);
  if (kept) return kept;
  const there = (await profilesKept(database, 'learnt', 5)).map(({ profile }) => profile.version);
  throw problem(
    'USAGE',
    `There is no profile ${JSON.stringify(version)}; the latest are ${there.join(', ') || 'none at all'}.`,
  );
}

function show(session: Session, { profile, contest }: KeptProfile): void {
  const { output } = session;
  if (output.format === 'json') output.json(contest === null ? profile : { ...profile, contest });
  else if (output.format === 'csv') printTraits(session, profile);
  else output.print(contest === null ? tellProfile(profile) : `${tellProfile(profile)}\n${contest.says}`);
}

function printTraits({ output }: Session, { traits }: Profile): void {
  output.csv(
    TRAIT_COLUMNS,
    traits.map(({ trait, says, direction, lift, support, stability, q }) =>
      [trait, says, direction, lift.value, lift.low, lift.high, support.partners, support.top, stability, q].map(
        (cell) => (Number.isNaN(cell) ? null : cell),
      ),
    ),
    true,
  );
}

async function printDiff(
  { output }: Session,
  { database }: Context,
  before: string | undefined,
  after: string | undefined,
): Promise<void> {
  const [latest, last] = await profilesKept(database, 'learnt', 2);
  const later = after === undefined ? latest : await named(database, after);
  const earlier = before === undefined ? last : await named(database, before);
  if (!later || !earlier) {
    throw problem('NOT_ENOUGH_DATA', 'There are no two versions of the profile to compare yet.');
  }
  const diff = diffProfiles(earlier.profile, later.profile);
  if (output.format === 'json') output.json(diff);
  else if (output.format === 'csv') {
    output.csv(
      ['change', 'trait', 'says'],
      (['added', 'removed', 'changed'] as const).flatMap((change) =>
        diff[change].map(({ trait, says }) => [change, trait, says]),
      ),
      true,
    );
  } else {
    const lines = tellDiff(diff);
    const days = `${formatDay(earlier.profile.learntUntil)} to ${formatDay(later.profile.learntUntil)}`;
    output.print(`${diff.before} → ${diff.after} (${days})`);
    output.print(lines.length === 0 ? 'Nothing has changed.' : lines.join('\n'));
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw problem('USAGE', `${file} cannot be read as JSON: ${(error as Error).message}.`);
  }
}
