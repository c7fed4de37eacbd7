import { DAY, type Feature, type FeatureView, type History } from '../../features/index.ts';

/** The look-back windows of the peer, in days. */
export const PEER_WINDOWS = [7, 30, 90, 180, 365] as const;

/** A kind of event by its name, as features ask about it. */
type Kind = `${string}.${string}`;

/** A feature of the bench has no reason to tell. */
function feature(name: string, unit: Feature['unit'], compute: Feature['compute']): Feature {
  return { name, unit, topic: name, description: name, reason: { high: () => name, low: () => name }, compute };
}

/** One feature per window; each computes by a call of its own, as those of the product do. */
function perWindow(name: string, unit: Feature['unit'], measure: (days: number) => Feature['compute']): Feature[] {
  return PEER_WINDOWS.map((days) => feature(`${name}_${days}d`, unit, measure(days)));
}

/** The events of the last 30 days over those of the 60 before, halved; half an event on both sides. */
function ratio(history: History): number | null {
  const [now, before] = [history.count('any', 30), history.count('any', 90, 30)];
  return now === null || before === null ? null : (now + 0.5) / (before / 2 + 0.5);
}

/** The slope of a straight line through the events of six times 30 days, in events per 30 days. */
function slope(history: History): number | null {
  let total = 0;
  for (let i = 0; i < 6; i++) {
    const events = history.count('any', 30 * (i + 1), 30 * i);
    if (events === null) return null;
    total += (2.5 - i) * events;
  }
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
      ...each.flatMap((kind) => perWindow(`n_${kind}`, 'events', (days) => (history) => history.count(kind, days))),
      // To the peer a sum of nothing known is 0; to us it is unknown.
      ...each.flatMap((kind) =>
        perWindow(`sum_${kind}`, 'events', (days) => (history) => history.sum(kind, days) ?? 0),
      ),
      ...perWindow('days', 'days', (days) => (history) => history.activeDays('any', days)),
      ...perWindow('contacts', 'people', (days) => (history) => history.contacts('any', days)),
      feature('recency_days', 'days', recency),
      feature('tenure_days', 'days', tenure),
      feature('ratio_30d_to_prev_60d', 'ratio', ratio),
      feature('slope_6m', 'ratio', slope),
    ],
    relative: [],
    atRisk: (history) => history.countEver('any') >= 3 && (history.count('any', 90) ?? 0) >= 1,
  };
}
