import {
  type Agreement,
  type AttributeVersion,
  agreementsKnownBy,
  BLANK,
  type DatedFact,
  type Profile,
} from './event-columns.ts';
import { DAY, type Instant } from './time.ts';

/** What was known at a cutoff of a partner besides its events. */
export class KnownProfile {
  #profile: Profile = BLANK;
  #cutoff: Instant = Number.NaN;
  #attributes: ReadonlyMap<string, readonly AttributeVersion[]> | null = null;

  /** Turns to a profile and a cutoff. */
  moveTo(profile: Profile, cutoff: Instant): void {
    if (profile !== this.#profile) this.#attributes = null;
    this.#profile = profile;
    this.#cutoff = cutoff;
  }

  /** What counts had happened and was known before it. */
  get cutoff(): Instant {
    return this.#cutoff;
  }

  /** The day the partner signed, as known at the cutoff. */
  get signedOn(): Instant | null {
    let latest: DatedFact | undefined;
    for (const version of this.#profile.signed) {
      if (version.knownAt < this.#cutoff && (!latest || latest.knownAt <= version.knownAt)) latest = version;
    }
    return latest && latest.at < this.#cutoff ? latest.at : null;
  }

  /** The agreements that had begun, each in the version known at the cutoff. */
  agreements(): Agreement[] {
    const known = agreementsKnownBy(this.#profile.agreements, this.#cutoff);
    return known.filter((agreement) => agreement.startsOn < this.#cutoff);
  }

  /** The value of an attribute that began last; null is unknown. */
  latest(attribute: string): string | null {
    let latest: AttributeVersion | undefined;
    for (const version of this.#versions(attribute)) {
      if (version.knownAt >= this.#cutoff || version.validFrom >= this.#cutoff) continue;
      const isLater =
        !latest ||
        version.validFrom > latest.validFrom ||
        (version.validFrom === latest.validFrom && version.knownAt >= latest.knownAt);
      if (isLater) latest = version;
    }
    return latest?.value ?? null;
  }

  /** How often an attribute took another value in the last `days`; null where it is unknown what it was before. */
  changes(attribute: string, days: number): number | null {
    const since = this.#cutoff - days * DAY;
    let [value, before, changes]: [string | null, string | null, number] = [null, null, 0];
    for (const version of this.#knownVersions(attribute)) {
      if (version.validFrom >= since && value !== null && version.value !== value) changes++;
      if (version.validFrom < since) before = version.value;
      value = version.value;
    }
    return before === null ? null : changes;
  }

  /** Every version of an attribute. */
  #versions(attribute: string): readonly AttributeVersion[] {
    const { attributes } = this.#profile;
    if (attributes.length === 0) return attributes;
    this.#attributes ??= byAttribute(attributes);
    return this.#attributes.get(attribute) ?? [];
  }

  /** The values an attribute took, in the order they began; of those of one day, the latest known. */
  #knownVersions(attribute: string): AttributeVersion[] {
    const known = this.#versions(attribute).filter(
      ({ knownAt, validFrom }) => knownAt < this.#cutoff && validFrom < this.#cutoff,
    );
    const ordered = known.sort((a, b) => a.validFrom - b.validFrom || a.knownAt - b.knownAt);
    return ordered.filter(({ validFrom }, i) => ordered[i + 1]?.validFrom !== validFrom);
  }
}

function byAttribute(versions: readonly AttributeVersion[]): Map<string, AttributeVersion[]> {
  const groups = new Map<string, AttributeVersion[]>();
  for (const version of versions) {
    const group = groups.get(version.attribute);
    if (group) group.push(version);
    else groups.set(version.attribute, [version]);
  }
  return groups;
}
