import { DAY, rowsWhere } from '../features/index.ts';
import { type OutcomeWords, WENT_QUIET } from './scoring-model.ts';
import { FEWEST_PARTNERS } from './slices.ts';
import type { LabelledRows } from './training-set.ts';

/** What there is to learn from. */
export interface Supply {
  /** Partners ever at risk, and rows at risk (partner × cutoff). */
  partners: number;
  rows: number;
  /** Partners to whom the outcome happened at some cutoff, and to whom it did not: their rows are no evidence apart. */
  happened: number;
  stayed: number;
  /** Months between the first and the last cutoff with a known outcome. */
  months: number;
  /** Partners with either outcome at the later half of the cutoffs, which is foretold: what is said is held against it. */
  foretold: Evidence;
  /** Groups of one type and region that have enough of either for figures of their own there. */
  segments: number;
}

/** Partners to whom the outcome happened, and partners to whom it did not, at some cutoffs. */
interface Evidence {
  happened: number;
  stayed: number;
}

const DAYS_PER_MONTH = 365.25 / 12;

/** What a training set holds to learn from. */
export function supplyOf(set: LabelledRows): Supply {
  const { entities, cutoffs, peers } = set.table;
  const days = [...new Set(cutoffs)].sort((a, b) => a - b);
  const middle = days[Math.floor(days.length / 2)];
  const later = rowsWhere(set.table, (row) => cutoffs[row] >= middle);
  const groups = [...new Set(later.map((row) => peers[row]))].filter((group) => group !== '');
  const evident = groups.filter((group) => {
    const { happened, stayed } = evidence(
      set,
      later.filter((row) => peers[row] === group),
    );
    return Math.min(happened, stayed) >= FEWEST_PARTNERS;
  });
  return {
    partners: new Set(entities).size,
    rows: cutoffs.length,
    ...evidence(set, [...entities.keys()]),
    months: days.length === 0 ? 0 : Math.round((days[days.length - 1] - days[0]) / DAY / DAYS_PER_MONTH),
    foretold: evidence(set, later),
    segments: evident.length,
  };
}

function evidence({ table, outcomes }: LabelledRows, rows: readonly number[]): Evidence {
  const partnersWith = (outcome: number) =>
    new Set(rows.filter((row) => outcomes[row] === outcome).map((row) => table.entities[row])).size;
  return { stayed: partnersWith(0), happened: partnersWith(1) };
}

/** What the data is enough for: nothing, a rule of thumb, or a model that learns. */
export type Sufficiency = 'nothing' | 'rule' | 'model';

/** A rule of thumb needs this much to be given a probability. */
const FOR_A_RULE = { happened: 10, rows: 50, months: 3 };
/** Below this the standard error of an AUC exceeds 0.08 and a model cannot be told from a rule (Hanley & McNeil 1982). */
const FOR_A_MODEL = { happened: 30, rows: 150, months: 6 };

/** Below 100 of either, whether probabilities mean what they say cannot be told (Vergouwe et al. 2005). */
const FOR_CALIBRATION = 100;
/** One group beside no other tells nothing apart. */
const FOR_SEGMENTS = 2;

/** A claim that the data supports, or not yet. */
export interface Claim {
  claim: 'ranking' | 'calibrated' | 'per-segment';
  supported: boolean;
  /** A clause per thing that is missing. */
  missing: string[];
}

/** What the data supports, and what is missing for more. */
export interface Judgement {
  verdict: Sufficiency;
  /** One clause per thing that is missing for the next step of the verdict; none when nothing is. */
  missing: string[];
  claims: Claim[];
}

/** Says what the data supports and what is missing for more. */
export function judgeSupply(supply: Supply, words: OutcomeWords = WENT_QUIET): Judgement {
  const forRule = lacks(supply, FOR_A_RULE, words);
  const forModel = lacks(supply, FOR_A_MODEL, words);
  const { foretold, segments } = supply;
  const claims = [
    claim('ranking', forModel),
    claim('calibrated', [...forRule, ...lacksEvidence(foretold, FOR_CALIBRATION, words, LATER)]),
    claim('per-segment', [...forRule, ...lacksSegments(segments, words)]),
  ];
  if (forRule.length > 0) return { verdict: 'nothing', missing: forRule, claims };
  return { verdict: forModel.length > 0 ? 'rule' : 'model', missing: forModel, claims };
}

/** Where there is nothing to judge: no claim is supported, for one reason. */
export function nothingFor(reason: string): Judgement {
  const missing = [reason];
  const names = ['ranking', 'calibrated', 'per-segment'] as const;
  return { verdict: 'nothing', missing, claims: names.map((name) => claim(name, missing)) };
}

function claim(name: Claim['claim'], missing: string[]): Claim {
  return { claim: name, supported: missing.length === 0, missing };
}

const LATER = ' in the later half of the months';

function lacksSegments(segments: number, { happened, stayed }: OutcomeWords): string[] {
  if (segments >= FOR_SEGMENTS) return [];
  const wanted = `groups of a type and region with ${FEWEST_PARTNERS} partners that ${happened} and ${FEWEST_PARTNERS} that ${stayed}`;
  return [`${segments} ${wanted}${LATER}, ${FOR_SEGMENTS} are needed`];
}

function lacksEvidence(found: Evidence, wanted: number, { happened, stayed }: OutcomeWords, when = ''): string[] {
  return [
    found.happened < wanted && `${found.happened} partners that ${happened}${when}, ${wanted} are needed`,
    found.stayed < wanted && `${found.stayed} partners that ${stayed}${when}, ${wanted} are needed`,
  ].filter((clause) => clause !== false);
}

const WORDS: Record<Claim['claim'], string> = {
  ranking: 'how well partners are ranked',
  calibrated: 'whether probabilities mean what they say',
  'per-segment': 'how single segments do',
};

/** The claims of a stored card; none where it is older than they. */
export function claimsOfCard(card: { claims?: readonly Claim[] }): readonly Claim[] {
  return card.claims ?? [];
}

/** What can be told of a model by its data, in sentences, the first of what can; none without claims. */
export function tellClaims(claims: readonly Claim[]): string[] {
  const can = claims.filter(({ supported }) => supported).map((each) => WORDS[each.claim]);
  const told = can.length === 0 ? [] : [`The data is enough to tell ${joined(can)}.`];
  const not = claims.filter(({ supported }) => !supported);
  return [...told, ...not.map((each) => `Not enough to tell ${WORDS[each.claim]}: ${each.missing.join('; ')}.`)];
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

function lacks(supply: Supply, wanted: typeof FOR_A_RULE, words: OutcomeWords): string[] {
  return [
    supply.rows < wanted.rows && `${supply.rows} partner-months at risk, ${wanted.rows} are needed`,
    ...lacksEvidence(supply, wanted.happened, words),
    supply.months < wanted.months &&
      `${supply.months} months of cutoffs with a known outcome, ${wanted.months} are needed`,
  ].filter((clause) => clause !== false);
}
