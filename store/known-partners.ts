import { type Instant, KnownProfile, type Profile } from '../features/index.ts';
import type { Database } from './database.ts';
import { readProfiles } from './profiles.ts';

/** A partner by what is known of it besides its events. */
export interface KnownPartner {
  partnerId: string;
  /** All that was known before the moment asked for. */
  profile: Profile;
  /** The same, turned to that moment. */
  known: KnownProfile;
}

/** Partners read together: memory is bounded by them. */
const TOGETHER = 1000;

/** Every partner that any input has named, as known before a moment, in the order of their ids, in pages. */
export async function* partnersKnown(database: Database, knownBefore: Instant): AsyncGenerator<KnownPartner[]> {
  let after = '';
  for (;;) {
    const rows = await database.query<{ partner_id: string }>(
      `select partner_id from partner_key where partner_id > $1 order by partner_id limit ${TOGETHER}`,
      [after],
    );
    if (rows.length === 0) return;
    const partners = rows.map(({ partner_id }) => partner_id);
    const profiles = await readProfiles(database, partners, { knownBefore });
    yield profiles.map((profile, i) => {
      const known = new KnownProfile();
      known.moveTo(profile, knownBefore);
      return { partnerId: partners[i], profile, known };
    });
    after = partners[partners.length - 1];
  }
}
