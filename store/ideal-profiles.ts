import { type Instant, loadProfile, type Profile, type ProfileContest } from '../models/index.ts';
import type { Database } from './database.ts';

/** A version of the Ideal Partner Profile as it is kept. */
export interface KeptProfile {
  profile: Profile;
  createdAt: Instant;
  /** How one written by hand did beside the learnt one; null for those that were learnt. */
  contest: ProfileContest | null;
}

/** Keeps a version; the same again changes nothing. Returns whether it is new. */
export async function keepProfile(
  transaction: Database,
  profile: Profile,
  now: Date,
  contest: ProfileContest | null = null,
): Promise<boolean> {
  const kept = await transaction.execute(
    `insert into ideal_profile (version, source, learnt_until, profile, created_at, contest)
     values ($1, $2, $3, $4::jsonb, $5, $6::jsonb) on conflict (version) do nothing`,
    [
      profile.version,
      profile.source,
      new Date(profile.learntUntil),
      JSON.stringify(profile),
      now,
      contest && JSON.stringify(contest),
    ],
  );
  return kept > 0;
}

interface Row {
  profile: unknown;
  created_at: Date;
  contest: ProfileContest | null;
}

/** The versions of one source, the latest first. */
export async function profilesKept(
  database: Database,
  source: Profile['source'],
  limit: number,
): Promise<KeptProfile[]> {
  const rows = await database.query<Row>(
    `select profile, created_at, contest from ideal_profile where source = $1
     order by learnt_until desc, created_at desc, version limit $2`,
    [source, limit],
  );
  return rows.map(toKept);
}

/** One version by its name; null when there is none. */
export async function profileNamed(database: Database, version: string): Promise<KeptProfile | null> {
  const [row] = await database.query<Row>('select profile, created_at, contest from ideal_profile where version = $1', [
    version,
  ]);
  return row ? toKept(row) : null;
}

function toKept({ profile, created_at, contest }: Row): KeptProfile {
  return { profile: loadProfile(profile), createdAt: created_at.getTime(), contest };
}
