import { DAY, type Instant, weeklyMetricNamed } from '../../features/index.ts';
import { writeDay, writeNumber } from '../words.ts';
import type { Incident } from './incidents.ts';

/** What an incident is about, as its title: the finding with its numbers. */
export function tellIncident(incident: Incident): string {
  if (incident.level === 'feed') return tellSilentFeed(incident);
  const { observed, expected, low, high, kind, direction } = incident;
  const verb = kind === 'shift' ? (direction < 0 ? 'are down' : 'are up') : direction < 0 ? 'fell' : 'rose';
  return (
    `${wordsOf(incident.metric)} ${verb} ${whereOf(incident)} to ${count(observed)} in the week of ` +
    `${writeDay(incident.lastSeen)}; ${count(expected)} expected (${count(low)}–${count(high)})`
  );
}

function tellSilentFeed({ entity, silentFrom, silentTo, expected, observed }: Incident): string {
  const days = Math.round(((silentTo ?? 0) - (silentFrom ?? 0)) / DAY);
  const span = `${days === 1 ? '1 day' : `${days} days`} from ${writeDay(silentFrom ?? 0)}`;
  return (
    `The feed ${entity} brought nothing of any partner for ${span}; its last week came to ${count(observed)}, ` +
    `${count(expected)} expected`
  );
}

/** How sure and how large, in a sentence for those who decide whether to act. */
export function explainIncident(incident: Incident): string {
  const sentences = [sureness(incident.p)];
  const { absorbed, level, kind } = incident;
  if (level === 'feed') {
    sentences.push('No partner does nothing at once with all others: look at the feed before anyone calls a partner.');
  } else if (kind === 'shift') {
    sentences.push('It has been so for a month: what is expected now follows it, and the incident closes when it has.');
  }
  if (level !== 'partner' && absorbed > 0) {
    sentences.push(`It stands for ${absorbed} ${absorbed === 1 ? 'alert' : 'alerts'} of single partners.`);
  }
  return sentences.join(' ');
}

function sureness(p: number): string {
  if (p < 1e-6) return 'Chance alone would hardly ever do this.';
  return `Chance alone would do this in one week of ${writeNumber(Math.round(1 / p), 'events')}.`;
}

/** The words of a metric: `Portal visits`. */
export function wordsOf(metric: string): string {
  return weeklyMetricNamed(metric)?.words ?? metric;
}

function whereOf({ level, entity }: Incident): string {
  if (level === 'program') return 'across the whole program';
  if (level === 'region') return `in ${entity}`;
  return level === 'segment' ? `among partners of type ${entity}` : 'at this partner';
}

function count(value: number): string {
  return writeNumber(value, 'events');
}

/** Feedback so far, by verdict. */
export interface Verdicts {
  real: number;
  known_cause: number;
  noise: number;
}

/** How often incidents were right, as far as people have said; null while nobody has. */
export function precisionOf({ real, known_cause, noise }: Verdicts): { right: number; judged: number } | null {
  const judged = real + known_cause + noise;
  return judged === 0 ? null : { right: real + known_cause, judged };
}

/** When an incident was, in words. */
export function tellSpan({ since, lastSeen, status, closedOn }: Incident): string {
  const from = `since the week of ${writeDay(since)}`;
  if (status === 'open') return `${from}, still open`;
  return `${from}, last seen in the week of ${writeDay(lastSeen)}, as usual again from ${writeDay(closedOn as Instant)}`;
}
