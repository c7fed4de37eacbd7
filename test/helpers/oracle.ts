import { randomNormal } from 'd3-random';
import { addMonths, DAY, type Instant } from '../../features/index.ts';
import { type Random, seeded, seedFor } from '../../models/index.ts';
import { ENDS_AFTER_DAYS, SAYS_SO } from '../../pipelines/simulate/agreements.ts';
import { TRUE_TRAIT_TIMES } from '../../pipelines/simulate/companies.ts';
import {
  DEAL_DAYS,
  DECISIONS,
  ROLE_EFFECTS,
  type Role,
  TOUCHES_PER_INITIATIVE,
  WIN_WITHOUT_PARTNER,
} from '../../pipelines/simulate/deals.ts';
import { CONVERTS, CONVERTS_AFTER_DAYS } from '../../pipelines/simulate/leads.ts';
import { activity, isNearRenewal, LAWS, type Standing } from '../../pipelines/simulate/life.ts';
import { answerChance } from '../../pipelines/simulate/surveys.ts';
import { TRAINING_EFFECT } from '../../pipelines/simulate/training.ts';
import { DRIVE_DEVIATION, HABITS, PORTAL_PER_MONTH, TYPES } from '../../pipelines/simulate/traits.ts';
import { makeWorld, type World, type WorldSettings } from '../../pipelines/simulate/world.ts';
import type { PartnerRecord } from './records.ts';

/** What is to be expected of the 90 days after a cutoff, given what was on record before it. */
export interface Foresight {
  cutoff: Instant;
  /** The chance of no qualifying business. */
  quiet: number;
  /** The chance of what counts as churn: no qualifying business, or an end of the agreement by the partner. */
  churn: number;
  /** The chance of no qualifying business up to the end of each of the months asked for, from the cutoff on. */
  after: readonly number[];
}

/**
 * A guess at what is hidden of a partner. The rates of business and of visits are not guessed: given the rest, what is
 * known of them is a Gamma distribution with a shape that all guesses share and a rate of their own.
 */
export interface Guess {
  standing: Standing;
  since: number;
  drive: number;
  mood: number;
  businessRate: number;
  portalRate: number;
  logWeight: number;
}

/** All guesses that a partner has one habit, and for seasonal ones one quiet month. */
export interface Hypothesis {
  habit: 'steady' | 'seasonal' | 'off-portal' | 'never-sells';
  quietMonth: number;
  guesses: Guess[];
  /** Logarithm of how well the records so far fit, prior included. */
  logEvidence: number;
}

/** Chance of the two sorts that the filter needs. */
interface Chance {
  uniform: Random;
  normal: Random;
}

/** What a month leaves on record by its end. */
interface MonthRecord {
  initiatives: number;
  visits: number;
  /** Support tickets. */
  other: number;
  survey: 'none' | 'silent' | number;
}

const STEADY_GUESSES = 240;
const SEASONAL_GUESSES = 24;
const SHAPE = 2;
const MONTH = 30 * DAY;
const CONTENT_SHARE = 0.6;
const BUSINESS_KINDS = new Set(['deal.registered', 'lead.accepted']);

/**
 * The predictor that is optimal on observables: a Bayes filter (Rao-Blackwellised particles) that knows every law of
 * the simulator and none of its draws. It sees a partner's records month by month, each month as it was known at its
 * end, and foretells at some cutoffs. One that has sold is none of those that never do; `mayNeverSell` is for those that
 * have not. What it leaves out is small: facts that come in more than a month late, and
 * tiers, which are functions of the rest.
 */
export function foresee(
  record: PartnerRecord,
  cutoffs: ReadonlySet<Instant>,
  settings: WorldSettings,
  { mayNeverSell = false, survive = false } = {},
): Foresight[] {
  return Array.from(watch(record, cutoffs, settings, mayNeverSell), ({ cutoff, hypotheses, shape, prior }) => ({
    cutoff,
    ...chancesAhead(hypotheses, shape, record, cutoff, prior, survive ? 6 : 3),
  }));
}

/** What is guessed of a partner at a cutoff. */
export interface Watched {
  cutoff: Instant;
  hypotheses: readonly Hypothesis[];
  /** Of the Gamma distribution of its rate of business; each guess has a rate of its own. */
  shape: number;
  /** Initiatives a month that its traits promise, deals that others bring it into included. */
  prior: number;
}

/** Sees a partner's records month by month, and tells what is guessed of it at some cutoffs. */
export function* watch(
  record: PartnerRecord,
  cutoffs: ReadonlySet<Instant>,
  settings: WorldSettings,
  mayNeverSell: boolean,
): Generator<Watched> {
  const world = makeWorld(settings);
  const uniform = seeded(seedFor(17, record.id));
  const random = { uniform, normal: randomNormal.source(uniform)(0, 1) };
  const hypotheses = begin(random, mayNeverSell);
  const prior = meanBusiness(record);
  const shapes = { business: SHAPE, portal: SHAPE };
  const months = monthRecords(record, world);
  let isFirst = true;
  for (const month of world.calendar) {
    if (month.start + month.days * DAY <= record.signedOn) continue;
    if (!isFirst && cutoffs.has(month.start)) yield { cutoff: month.start, hypotheses, shape: shapes.business, prior };
    const seen = months[month.place];
    const exposure = exposures(record, world, month);
    for (const hypothesis of hypotheses) {
      step(hypothesis, { record, start: month.start, isFirst, exposure, seen, shapes, prior }, random);
    }
    shapes.business += seen.initiatives;
    shapes.portal += seen.visits;
    isFirst = false;
  }
}

function begin(random: Chance, mayNeverSell: boolean): Hypothesis[] {
  const share = (habit: string) => HABITS.find((one) => one.habit === habit)?.share ?? 0;
  const make = (habit: Hypothesis['habit'], quietMonth: number, count: number, prior: number): Hypothesis => ({
    habit,
    quietMonth,
    guesses: Array.from({ length: count }, () => ({
      standing: 'healthy' as const,
      since: 0,
      drive: DRIVE_DEVIATION * random.normal(),
      mood: LAWS.firstMood * random.normal(),
      businessRate: SHAPE,
      portalRate: SHAPE,
      logWeight: -Math.log(count),
    })),
    logEvidence: Math.log(prior),
  });
  return [
    make('steady', 0, STEADY_GUESSES, share('steady')),
    make('off-portal', 0, STEADY_GUESSES / 2, share('off-portal')),
    ...(mayNeverSell ? [make('never-sells', 0, STEADY_GUESSES / 2, share('never-sells'))] : []),
    ...Array.from({ length: 12 }, (_, month) => make('seasonal', month, SEASONAL_GUESSES, share('seasonal') / 12)),
  ];
}

/** Initiatives a month that a partner's observable traits promise, deals that others bring it into included. */
function meanBusiness({ type, industry, technologies }: PartnerRecord): number {
  const own = TYPES.find((one) => one.type === type)?.business ?? 1;
  const matched = [industry === 'health', technologies.includes('kubernetes'), technologies.includes('snowflake')];
  const times = 0.7 * TRUE_TRAIT_TIMES ** matched.filter(Boolean).length;
  return own * times * (1 + TOUCHES_PER_INITIATIVE);
}

/** The months of the world as each was on record at its end. */
function monthRecords({ events }: PartnerRecord, world: World): MonthRecord[] {
  const months = world.calendar.map((): MonthRecord => ({ initiatives: 0, visits: 0, other: 0, survey: 'none' }));
  for (const { kind, happenedAt, knownAt, value } of events) {
    const place = world.calendar.findLastIndex(({ start }) => start <= happenedAt);
    const next = world.calendar[place + 1]?.start ?? world.end;
    if (place < 0 || knownAt >= next) continue;
    note(months[place], kind, value);
  }
  return months;
}

function note(month: MonthRecord, kind: string, value: number | null): void {
  if (BUSINESS_KINDS.has(kind)) month.initiatives++;
  else if (/^(portal|content)\./.test(kind)) month.visits++;
  else if (kind === 'support.opened') month.other++;
  else if (kind === 'survey.sent' && month.survey === 'none') month.survey = 'silent';
  else if (kind === 'survey.answered') month.survey = value ?? 'silent';
}

/** How much of a usual month's business and visits could be seen: signing, training, outages and tracking. */
function exposures(record: PartnerRecord, world: World, month: World['calendar'][number]) {
  const end = month.start + month.days * DAY;
  const overlap = (from: Instant, to: Instant) =>
    Math.max(0, Math.min(end, to) - Math.max(month.start, from)) / (end - month.start);
  const signed = overlap(record.signedOn, end);
  const trainedAt = trainedBefore(record, end);
  let portal = signed * (month.place < 6 ? 1 - CONTENT_SHARE : 1);
  for (const { level, entity, metric, start, end: over, effect } of world.incidents) {
    if (metric !== 'portal' || (level === 'region' && entity !== record.region)) continue;
    portal *= 1 + (effect - 1) * overlap(start, over);
  }
  // What is written down after the month is over is not seen by its end.
  return {
    business: 0.98 * (signed + TRAINING_EFFECT * overlap(trainedAt, end)),
    portal: 0.98 * portal,
    other: signed,
  };
}

function trainedBefore({ events }: PartnerRecord, cutoff: Instant): Instant {
  const trained = events.find(({ kind, knownAt }) => kind === 'training.completed' && knownAt < cutoff);
  return trained?.happenedAt ?? Number.POSITIVE_INFINITY;
}

interface Step {
  record: PartnerRecord;
  start: Instant;
  isFirst: boolean;
  exposure: { business: number; portal: number; other: number };
  seen: MonthRecord;
  shapes: { business: number; portal: number };
  prior: number;
}

/** Moves the guesses of a hypothesis through a month and weighs them by what was seen in it. */
function step(hypothesis: Hypothesis, about: Step, random: Chance): void {
  if (hypothesis.logEvidence === Number.NEGATIVE_INFINITY) return;
  if (hypothesis.habit === 'off-portal' && about.seen.visits > 0) {
    hypothesis.logEvidence = Number.NEGATIVE_INFINITY;
    return;
  }
  const isNear = isNearRenewal(about.record.signedOn, about.start);
  for (const guess of hypothesis.guesses) {
    guess.mood = LAWS.moodCarries * guess.mood + LAWS.moodNoise * random.normal();
    move(guess, about.isFirst, isNear, random);
    weigh(guess, hypothesis, about);
  }
  const top = hypothesis.guesses.reduce((most, { logWeight }) => Math.max(most, logWeight), Number.NEGATIVE_INFINITY);
  if (top === Number.NEGATIVE_INFINITY) {
    hypothesis.logEvidence = top;
    return;
  }
  const sum = hypothesis.guesses.reduce((total, { logWeight }) => total + Math.exp(logWeight - top), 0);
  const logSum = top + Math.log(sum);
  hypothesis.logEvidence += logSum;
  for (const guess of hypothesis.guesses) guess.logWeight -= logSum;
  resample(hypothesis, random);
}

/** The next standing; those that the vendor ended are out of the question where it matters. */
function move(guess: Guess, isFirst: boolean, isNear: boolean, random: Chance): void {
  const before = guess.standing;
  if (before === 'gone') return;
  if (!isFirst) {
    const draw = random.uniform();
    if (before === 'healthy') {
      if (draw < fadeChance(guess.drive + guess.mood, isNear)) guess.standing = 'fading';
    } else if (draw < LAWS.leaveWhileFading) guess.standing = 'gone';
    else if (draw < LAWS.leaveWhileFading + LAWS.recoverWhileFading) guess.standing = 'healthy';
  }
  guess.since = guess.standing === before ? guess.since + 1 : 1;
}

export function fadeChance(engagement: number, isNear: boolean): number {
  return Math.min(0.5, LAWS.fade * (isNear ? LAWS.renewalCliff : 1) * Math.exp(-LAWS.engagementEffect * engagement));
}

function weigh(guess: Guess, { habit, quietMonth }: Hypothesis, { start, exposure, seen, shapes, prior }: Step): void {
  const { standing, since } = guess;
  const engagement = guess.drive + guess.mood;
  const level = activity({ habit, quietMonth }, { standing, since, engagement, start });
  const business = level * exposure.business * prior;
  if (habit === 'never-sells') guess.logWeight += seen.initiatives > 0 ? Number.NEGATIVE_INFINITY : 0;
  else {
    guess.logWeight += countLikelihood(seen.initiatives, shapes.business, guess.businessRate, business);
    guess.businessRate += business;
  }
  if (habit !== 'off-portal') {
    const visits = level * exposure.portal * PORTAL_PER_MONTH * (standing === 'fading' ? LAWS.fadingVisits : 1);
    guess.logWeight += countLikelihood(seen.visits, shapes.portal, guess.portalRate, visits);
    guess.portalRate += visits;
  }
  const support = 0.3 * level * exposure.other;
  guess.logWeight += support > 0 ? seen.other * Math.log(support) - support : seen.other > 0 ? -1e9 : 0;
  if (seen.survey !== 'none') guess.logWeight += surveyLikelihood(seen.survey, standing, engagement);
}

/** Log likelihood, up to what all guesses share, of a count whose rate is Gamma(shape, rate) times the exposure. */
function countLikelihood(count: number, shape: number, rate: number, exposure: number): number {
  if (exposure === 0) return count === 0 ? 0 : Number.NEGATIVE_INFINITY;
  return shape * Math.log(rate) - (shape + count) * Math.log(rate + exposure) + count * Math.log(exposure);
}

function surveyLikelihood(survey: number | 'silent', standing: Standing, engagement: number): number {
  if (standing === 'gone') return survey === 'silent' ? 0 : Number.NEGATIVE_INFINITY;
  const answers = answerChance({ standing, engagement });
  if (survey === 'silent') return Math.log(1 - 0.5 * answers);
  const off = (survey - 7 - 2 * engagement) / 1.35;
  return Math.log(answers) - (off * off) / 2;
}

/** Systematic resampling when few guesses carry most of the weight. */
function resample(hypothesis: Hypothesis, random: Chance): void {
  const { guesses } = hypothesis;
  const weights = guesses.map(({ logWeight }) => Math.exp(logWeight));
  if (1 / weights.reduce((sum, weight) => sum + weight * weight, 0) > guesses.length / 2) return;
  const offset = random.uniform();
  let passed = weights[0];
  let from = 0;
  hypothesis.guesses = guesses.map((_, i) => {
    while (passed < (i + offset) / guesses.length && from < guesses.length - 1) passed += weights[++from];
    return { ...guesses[from], logWeight: -Math.log(guesses.length) };
  });
}

/** What the guesses together say of the 90 days after a cutoff. */
function chancesAhead(
  hypotheses: readonly Hypothesis[],
  shape: number,
  record: PartnerRecord,
  cutoff: Instant,
  prior: number,
  months: number,
): Omit<Foresight, 'cutoff'> {
  const top = Math.max(...hypotheses.map(({ logEvidence }) => logEvidence));
  const nothingComes = nothingFromTheWorks(record, cutoff, months);
  const isNear = Array.from({ length: months }, (_, k) => k).map((k) =>
    isNearRenewal(record.signedOn, addMonths(cutoff, k)),
  );
  const times = prior * (trainedBefore(record, cutoff) < cutoff ? 1 + TRAINING_EFFECT : 1);
  const total = { quiet: 0, churn: 0, after: new Array<number>(months).fill(0) };
  let weights = 0;
  for (const { habit, quietMonth, guesses, logEvidence } of hypotheses) {
    const evidence = Math.exp(logEvidence - top);
    if (evidence < 1e-4) continue;
    for (const guess of guesses) {
      const weight = evidence * Math.exp(guess.logWeight);
      weights += weight;
      const path = { guess, habit, quietMonth, shape, cutoff, isNear, nothingComes, times, total };
      const { standing, since } = guess;
      if (weight > 1e-7) follow(path, { standing, since, k: 0, expected: 0, nothing: 1, chance: weight });
    }
  }
  return {
    quiet: total.quiet / weights,
    churn: total.churn / weights,
    after: total.after.map((sum) => sum / weights),
  };
}

interface Path {
  guess: Guess;
  habit: Hypothesis['habit'];
  quietMonth: number;
  shape: number;
  cutoff: Instant;
  isNear: boolean[];
  nothingComes: number[];
  times: number;
  total: { quiet: number; churn: number; after: number[] };
}

/** How far the months after a cutoff have been gone through in one way they may go. */
interface Stage {
  standing: Standing;
  since: number;
  /** Months gone through. */
  k: number;
  /** Business that was to be expected until then. */
  expected: number;
  /** The chance that nothing came of what was in the works. */
  nothing: number;
  /** The chance of this way. */
  chance: number;
}

/** Goes through every way that the months after a cutoff may go, and adds up what each comes to. */
function follow(path: Path, stage: Stage): void {
  const { standing, since, k, chance } = stage;
  const quiet = stage.nothing * Math.exp(-path.shape * Math.log1p(stage.expected / path.guess.businessRate));
  const { total } = path;
  if (k > 0) total.after[k - 1] += chance * quiet;
  if (k === 3 || (standing === 'gone' && k < 3)) {
    const ends = standing === 'gone' && k > 0 ? endsInTime(k - 1) : 0;
    total.quiet += chance * quiet;
    total.churn += chance * (quiet + ends * (1 - quiet));
  }
  if (standing === 'gone')
    for (let later = k; later < total.after.length; later++) total.after[later] += chance * quiet;
  if (standing === 'gone' || k === total.after.length) return;
  const mood = path.guess.mood * LAWS.moodCarries ** (k + 1);
  const engagement = path.guess.drive + mood;
  const start = path.cutoff + k * MONTH;
  const go = (next: Standing, share: number) => {
    const now = next === standing ? since + 1 : 1;
    const { habit, quietMonth } = path;
    const level = activityOf({ habit, quietMonth }, { standing: next, since: now, engagement, start });
    follow(path, {
      standing: next,
      since: now,
      k: k + 1,
      expected: stage.expected + level * path.times,
      nothing: stage.nothing * (next === 'gone' ? 1 : path.nothingComes[k]),
      chance: chance * share,
    });
  };
  if (standing === 'healthy') {
    const fades = fadeChance(engagement, path.isNear[k]);
    go('fading', fades);
    go('healthy', 1 - fades);
    return;
  }
  const { leaveWhileFading: leaves, recoverWhileFading: recovers } = LAWS;
  go('gone', leaves);
  go('healthy', recovers);
  go('fading', 1 - leaves - recovers);
}

/** Business of one that never sells is none, however it looks around. */
export function activityOf(traits: Parameters<typeof activity>[0], month: Parameters<typeof activity>[1]): number {
  return traits.habit === 'never-sells' ? 0 : activity(traits, month);
}

/** The chance that one that is gone from the k-th month on says so, and ends the agreement within the three months. */
function endsInTime(k: number): number {
  const [least, most] = ENDS_AFTER_DAYS;
  const left = 90 - (k * MONTH) / DAY;
  return SAYS_SO * Math.min(1, Math.max(0, (left - least) / (most - least)));
}

/** For each of so many months after a cutoff, the chance that no open deal or lead known then turns into business. */
function nothingFromTheWorks({ deals, events, id }: PartnerRecord, cutoff: Instant, months: number): number[] {
  const nothing = new Array<number>(months).fill(1);
  const expect = (from: Instant, days: readonly [number, number], chance: number) => {
    const left = Math.max(cutoff, from + days[0] * DAY);
    const end = from + days[1] * DAY;
    if (end <= left) return;
    for (let k = 0; k < months; k++) {
      const share = Math.min(end, cutoff + (k + 1) * MONTH) - Math.max(left, cutoff + k * MONTH);
      nothing[k] *= 1 - chance * (Math.max(0, share) / (end - left));
    }
  };
  for (const { submittedAt, knownAt, decidedKnownAt, approved, closedKnownAt, partners } of deals) {
    const joined = partners.find(({ partner }) => partner === id)?.knownAt ?? cutoff;
    if (Math.max(knownAt, joined) >= cutoff || closedKnownAt < cutoff) continue;
    const isDecided = decidedKnownAt < cutoff;
    if (isDecided && !approved) continue;
    const roles = partners.filter((one) => one.knownAt < cutoff).map(({ role }) => ROLE_EFFECTS[role as Role]);
    const chance = roles.reduce((sum, effect) => sum + effect, WIN_WITHOUT_PARTNER);
    expect(submittedAt, DEAL_DAYS, chance * (isDecided ? 1 : DECISIONS.approved));
  }
  for (const { kind, happenedAt, knownAt } of events) {
    if (kind !== 'lead.accepted' || knownAt >= cutoff || happenedAt < cutoff - 30 * DAY) continue;
    const waited = (cutoff - happenedAt) / DAY;
    const [least, most] = CONVERTS_AFTER_DAYS;
    const left = Math.min(1, Math.max(0, (most - waited) / (most - least)));
    expect(happenedAt, CONVERTS_AFTER_DAYS, (CONVERTS * left) / (1 - CONVERTS + CONVERTS * left));
  }
  return nothing;
}
