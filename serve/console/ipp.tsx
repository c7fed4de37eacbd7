import { diffProfiles, type Profile, type ProfileTrait, tellDiff, writePercent } from '../../models/index.ts';
import type { KeptProfile } from '../../store/index.ts';
import { longDay } from './words.ts';

/** What the page of the profile shows: the latest, the one before it, and the latest that was written by hand. */
export interface IppPage {
  latest: KeptProfile;
  last: KeptProfile | undefined;
  edited: KeptProfile | undefined;
}

/** What top partners are like, what has changed, and what people made of it. */
export function IdealProfile({ latest: { profile }, last, edited }: IppPage) {
  return (
    <>
      <h1>Ideal Partner Profile</h1>
      <p class="headline">
        <strong>{profile.says}</strong>
      </p>
      <p class="about">
        Version {profile.version}, learnt from {profile.partners} partners
        {profile.partners > 0 && `, ${profile.top} of them top (${writePercent(profile.baseRate)})`}, their traits as
        known when they signed. <a href="/prospects">The list it makes</a>
      </p>
      <TraitTable profile={profile} label="Traits of the profile" />
      <p class="about">
        Lift: how many times as often as any partner one with the trait is top, with its 95 % interval. Stable: the
        share of bootstraps over partners that choose it too. {profile.considered} traits were looked at; of those
        chosen at most {writePercent(profile.falseDiscoveryRate)} are there by chance on average. These are
        associations, not causes, measured on companies that were approached and signed.
      </p>
      <h2>Since the last version</h2>
      <Diff profile={profile} last={last} />
      <LeftOut profile={profile} />
      <h2>Written by hand</h2>
      <Edited edited={edited} />
    </>
  );
}

function TraitTable({ profile, label }: { profile: Profile; label: string }) {
  if (profile.traits.length === 0) return <p class="empty">No trait is in the profile.</p>;
  return (
    <table class="risks" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Trait</th>
          <th scope="col">Speaks</th>
          <th scope="col" class="number">
            Lift
          </th>
          <th scope="col" class="number">
            Top of those with it
          </th>
          <th scope="col" class="number">
            Stable
          </th>
        </tr>
      </thead>
      <tbody>
        {profile.traits.map((trait) => (
          <TraitRow key={trait.trait} trait={trait} />
        ))}
      </tbody>
    </table>
  );
}

function TraitRow({ trait: { trait, says, direction, lift, support, stability, q } }: { trait: ProfileTrait }) {
  return (
    <tr>
      <th scope="row">
        <strong>{says}</strong>
        <span class="about">{trait}</span>
      </th>
      <td data-label="Speaks">
        {direction === 'for' ? '▲ for' : '▼ against'}
        {isContradicted({ direction, lift }) && <span class="about">the data say otherwise</span>}
      </td>
      <td data-label="Lift" class="number">
        {Number.isNaN(lift.value) ? (
          <span class="about">nobody has it</span>
        ) : (
          <>
            {lift.value.toFixed(2)}
            <span class="about">
              {lift.low.toFixed(2)}–{lift.high.toFixed(2)}
            </span>
          </>
        )}
      </td>
      <td data-label="Top of those with it" class="number">
        {support.top} of {support.partners}
      </td>
      <td data-label="Stable" class="number">
        {Number.isNaN(stability) ? (
          <span class="about">not chosen by the data</span>
        ) : (
          <span title={`q ${q < 0.001 ? 'below 0.001' : q.toFixed(3)}`}>{writePercent(stability)}</span>
        )}
      </td>
    </tr>
  );
}

/** Whether the whole interval of a trait lies on the other side of what is written. */
function isContradicted({ direction, lift }: Pick<ProfileTrait, 'direction' | 'lift'>): boolean {
  return direction === 'for' ? lift.high < 1 : lift.low > 1;
}

function Diff({ profile, last }: { profile: Profile; last: KeptProfile | undefined }) {
  if (!last) return <p class="empty">This is the first version.</p>;
  const lines = tellDiff(diffProfiles(last.profile, profile));
  const before = `${last.profile.version}, of ${longDay(last.profile.learntUntil)}`;
  if (lines.length === 0) return <p>Nothing has changed since version {before}.</p>;
  return (
    <>
      <p class="about">Beside version {before}:</p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

function LeftOut({ profile: { excluded, repeats } }: { profile: Profile }) {
  if (excluded.length + repeats.length === 0) return null;
  return (
    <details>
      <summary>Left out: {excluded.length + repeats.length} traits</summary>
      <ul>
        {repeats.map(({ trait, of }) => (
          <li key={trait}>
            {trait} <span class="about">goes with {of}, which says more</span>
          </li>
        ))}
        {excluded.map(({ trait, why }) => (
          <li key={trait}>
            {trait} <span class="about">{why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Edited({ edited }: { edited: KeptProfile | undefined }) {
  if (!edited) {
    return (
      <p class="empty">
        Nobody has written one yet. Save <code>partnercast ipp show --json</code> to a file, edit its traits, and{' '}
        <code>partnercast ipp import FILE</code>: it is measured on your partners and held against the learnt one.
      </p>
    );
  }
  const { profile, contest, createdAt } = edited;
  return (
    <>
      {contest && <p class="headline">{contest.says}</p>}
      <TraitTable profile={profile} label="Traits of the profile written by hand" />
      <p class="about">
        Version {profile.version}, taken on {longDay(createdAt)}; its lifts are measured on the same partners. The list
        goes by what is learnt.
      </p>
    </>
  );
}
