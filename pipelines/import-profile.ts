import type { Instant } from '../features/index.ts';
import { contestProfiles, editedProfile, measureEdited, type Profile, type ProfileContest } from '../models/index.ts';
import { keepProfile, problem } from '../store/index.ts';
import type { Context } from './context.ts';
import { partnerTraits } from './partner-traits.ts';

/** A hand-written profile as it was taken, and how it does beside the learnt one. */
export interface ImportedProfile {
  profile: Profile;
  contest: ProfileContest;
}

/**
 * Takes a profile that was written by hand: measures its traits on the partners known before a day, holds it against
 * the learnt one, and keeps it beside that. The list goes on by what is learnt.
 * @param document what the file holds, as JSON
 * @throws a problem `USAGE` saying what of it is no profile, or which traits nobody can have
 */
export async function importProfile(context: Context, document: unknown, asOf: Instant): Promise<ImportedProfile> {
  const parsed = editedProfile.safeParse(document);
  if (!parsed.success) {
    const clauses = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`);
    throw problem(
      'USAGE',
      `This is no profile: ${clauses.join('; ')}. Write {"traits": [{"trait": "technologies=sap", "direction": "for"}]}, ` +
        'or edit what "partnercast ipp show --json" prints.',
    );
  }
  const { partners } = await partnerTraits(context, asOf);
  const settings = { learntUntil: asOf, seed: context.settings.seed };
  try {
    const profile = measureEdited(parsed.data, partners, settings);
    const contest = contestProfiles(profile, partners, settings);
    await keepProfile(context.database, profile, new Date(context.clock()), contest);
    return { profile, contest };
  } catch (error) {
    if (error instanceof RangeError) throw problem('USAGE', `${error.message}.`);
    throw error;
  }
}
