import { DAY, type Feature, type FeatureView, type History } from '../../features/index.ts';
import { type Measure, perWindow } from '../../features/windowed.ts';

/** The look-back windows of the peer, in days. */
export const PEER_WINDOWS = [7, 30, 90, 180, 365] as const;

/** A kind of event by its name, as features ask about it. */
type Kind = `${string}.${string}`;

/** A feature of the bench has no reason to tell. */
function feature(name: string, unit: Feature['unit'], compute: Feature['compute']): Feature {
  return { name, unit, topic: name, description: name, reason: { high: () => name, low: () => name }, compute };
}

/** One feature per window of the peer. */
function windows(name: string, unit: Feature['unit'], measure: Measure): Feature[] {
  return perWindow(PEER_WINDOWS, measure, (days) => {
    const called = `${name}_${days}d`;
    return { name: called, unit, topic: name, description: called, reason: { high: () => called, low: () => called } };
  });
}

/** To the peer a sum of nothing known is 0; to us it is unknown. */
function sums(kind: Kind): Measure {
  return (history, days, into) => {
    history.sumEach(kind, days, into);
    for (let i = 0; i < into.length; i++) if (Number.isNaN(into[i])) into[i] = 0;
  };
}

/** The events of the last 30 days over those of the 60 before, halved; half an event on both sides. */
function ratio(history: History): number | null {
  const [now, before] = [history.count('any', 30), history.count('any', 90, 30)];
  return now === null || before === null ? null : (now + 0.5) / (before / 2 + 0.5);
}

/** The slope of a straight line through the events of six times 30 days, in events per 30 days. */
function slope(history: History): number | null {
  if (history.count('any', 180) === null) return null;
  const blocks = history.blocks('any', 30, 6);
  let total = 0;
  for (let i = 0; i < 6; i++) total += (i - 2.5) * blocks[i];
  return total / 17.5;
}

function recency(history: History): number | null {
  const latest = history.latestEvent('any');
  return latest === null ? null : (history.cutoff - latest) / DAY;
}

function tenure(history: History): number | null {
  const { signedOn } = history;
  return signedOn === null ? null : (history.cutoff - signedOn) / DAY;
}

/**
 * The features that peer.py computes, by its names and in its order, of the partners that it asks about.
 * @param kinds of events in the peer's order
 */
export function windowView(kinds: readonly string[]): FeatureView {
  const each = kinds as readonly Kind[];
  return {
    name: 'windows',
    entity: 'partner',
    features: [
      ...each.flatMap((kind) =>
        windows(`n_${kind}`, 'events', (history, days, into) => history.countEach(kind, days, into)),
      ),
      ...each.flatMap((kind) => windows(`sum_${kind}`, 'events', sums(kind))),
      ...windows('days', 'days', (history, days, into) => history.activeDaysEach('any', days, into)),
      ...windows('contacts', 'people', (history, days, into) => history.distinctEach('contact', 'any', days, into)),
      feature('recency_days', 'days', recency),
      feature('tenure_days', 'days', tenure),
      feature('ratio_30d_to_prev_60d', 'ratio', ratio),
      feature('slope_6m', 'ratio', slope),
    ],
    relative: [],
    atRisk: (history) => history.countEver('any') >= 3 && (history.count('any', 90) ?? 0) >= 1,
  };
}
