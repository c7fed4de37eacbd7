import type { History, Instant } from '../../features/index.ts';
import type { Incident } from '../anomalies/incidents.ts';
import type { RankedProspect } from '../recruiting/rank-prospects.ts';

/** An open episode: since when the condition holds, and what shows it. */
export interface Episode {
  start: Instant;
  /** One sentence that says why, with the numbers in it. */
  because: string;
  evidence: Readonly<Record<string, string | number | null>>;
}

/** When someone should be told to act. A rule nudges once per episode; the episode must end before it can nudge again. */
export interface NudgeRule {
  name: string;
  /** What the person who is nudged should do. */
  action: string;
  /** The episode that is open at the history's cutoff; null when there is none. */
  episode(history: History, settings: NudgeSettings): Episode | null;
}

/** When someone should be told of a prospect: once per episode, which ends when the prospect leaves the list. */
export interface ProspectRule {
  name: string;
  /** What the person who is nudged should do. */
  action: string;
  /** @param listedOn the day of the list that the prospect is on; null where it does not call for anybody */
  episode(prospect: RankedProspect, listedOn: Instant): Episode | null;
}

/** When whoever looks after the program should be told of what is above single partners: once per incident. */
export interface IncidentRule {
  name: string;
  /** What the person who is nudged should do. */
  action: string;
  /** The episode that an incident is at a moment; null where it calls for nobody. */
  episode(incident: Incident, cutoff: Instant): Episode | null;
}

/** What a program declares about nudges. */
export interface NudgeSettings {
  /** Days without any sign of life before a partner is to be re-engaged. */
  quietDays: number;
  /** The share of partners that are not nudged, so that the effect of nudging shows: [0, 0.5]. */
  holdOut: number;
  /** Incidents of single partners that people are shown, by partner; left out where none are looked for. */
  incidents?: ReadonlyMap<string, readonly Incident[]>;
}
