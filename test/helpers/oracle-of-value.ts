import { DAY, type Instant } from '../../features/index.ts';
import { seeded, seedFor } from '../../models/index.ts';
import {
  DEAL_DAYS,
  DECISIONS,
  REGISTERED_SHARE,
  ROLE_EFFECTS,
  TOUCHES_PER_INITIATIVE,
  WIN_WITHOUT_PARTNER,
} from '../../pipelines/simulate/deals.ts';
import { LAWS, type Standing } from '../../pipelines/simulate/life.ts';
import { TYPES } from '../../pipelines/simulate/traits.ts';
import type { WorldSettings } from '../../pipelines/simulate/world.ts';
import { activityOf, fadeChance, type Guess, type Hypothesis, type Watched, watch } from './oracle.ts';
import type { PartnerRecord, RecordedDeal } from './records.ts';

const SAMPLES = 400;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;
const DOLLARS: Record<string, number> = { USD: 1, EUR: 1.09, GBP: 1.27 };
/** About what the best quarter of the world reaches by month 12, in dollars' minor units; only the order counts. */
const GOAL = 5_000_000;
/** Mean of a deal's amount over what was asked for it, and the spread of amounts in logarithms. */
const OF_ASKED = 0.93;
const SPREAD = 0.6;
/** Levels of a partner's usual deal, as multiples of its type's. */
const LEVELS = [0.5, 0.7, 0.9, 1.1, 1.3, 1.5];

/**
 * The chance that a new partner comes far by month 12, given what was on record at some cutoffs: the filter of `foresee`
 * guesses what is hidden, and from each guess the rest of the year is played with the simulator's own laws. What it
 * leaves out is small: conflicts, second and third partners of own deals, and days within months.
 * @returns pairs of cutoff and chance
 */
export function foreseeValue(
  record: PartnerRecord,
  cutoffs: ReadonlySet<Instant>,
  settings: WorldSettings,
): (readonly [Instant, number])[] {
  return Array.from(watch(record, cutoffs, settings, true), (watched) => [watched.cutoff, chanceOf(record, watched)]);
}

function chanceOf(record: PartnerRecord, watched: Watched): number {
  const random = seeded(seedFor(23, `${record.id} ${watched.cutoff}`));
  const known = record.deals.filter(({ knownAt, partners }) => {
    const own = partners.find(({ partner }) => partner === record.id);
    return knownAt < watched.cutoff && own !== undefined && own.knownAt < watched.cutoff;
  });
  const won = known
    .filter(({ wonAt, closedKnownAt }) => wonAt !== null && closedKnownAt < watched.cutoff)
    .reduce((sum, deal) => sum + dollars(deal.amount, deal), 0);
  const open = known.filter(
    ({ closedKnownAt, decidedKnownAt, approved }) =>
      closedKnownAt >= watched.cutoff && (decidedKnownAt >= watched.cutoff || approved),
  );
  const levels = levelWeights(record, known);
  let [reached, total] = [0, 0];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const value = won + playOpen(open, random) + playOn(record, watched, levels, random);
    reached += Number(value >= GOAL);
    total += value;
  }
  // Where none or all come so far, the mean still tells them apart.
  return reached / SAMPLES + 1e-12 * (total / SAMPLES);
}

function dollars(amount: number, { currency }: RecordedDeal): number {
  return amount * DOLLARS[currency];
}

/** How likely each level of the partner's usual deal is, by what it asked for so far. */
function levelWeights(record: PartnerRecord, known: readonly RecordedDeal[]): number[] {
  const own = known.filter(({ partners }) => partners[0]?.partner === record.id);
  const logs = LEVELS.map((level) =>
    own.reduce((sum, deal) => {
      // A logarithm of an amount with mean 1 lies a little below 0.
      const off = Math.log((dollars(deal.asked, deal) * OF_ASKED) / (level * usualDeal(record))) + SPREAD ** 2 / 2;
      return sum - (off * off) / (2 * SPREAD * SPREAD);
    }, 0),
  );
  const top = Math.max(...logs);
  return logs.map((log) => Math.exp(log - top));
}

function usualDeal({ type }: PartnerRecord): number {
  return TYPES.find((one) => one.type === type)?.deal ?? 1_500_000;
}

function playOpen(open: readonly RecordedDeal[], random: () => number): number {
  return open.reduce((sum, deal) => {
    const chance = deal.partners.reduce((total, { role }) => total + (effectOf(role) ?? 0), WIN_WITHOUT_PARTNER);
    return random() < chance ? sum + dollars(deal.asked, deal) * OF_ASKED : sum;
  }, 0);
}

function effectOf(role: string): number | undefined {
  return (ROLE_EFFECTS as Record<string, number>)[role];
}

/** One way the rest of the first year may go. */
function playOn(
  record: PartnerRecord,
  { cutoff, hypotheses, shape, prior }: Watched,
  levels: readonly number[],
  random: () => number,
): number {
  const { habit, quietMonth, guess } = drawGuess(hypotheses, random);
  const level = LEVELS[drawPlace(levels, random)] * usualDeal(record);
  const perMonth = (prior * drawGamma(shape, random)) / guess.businessRate;
  let { standing, since, mood } = guess;
  let value = 0;
  for (let start = cutoff; start < record.signedOn + YEAR && standing !== 'gone'; start += MONTH) {
    mood *= LAWS.moodCarries;
    const engagement = guess.drive + mood;
    const next = nextStanding(standing, engagement, random);
    since = next === standing ? since + 1 : 1;
    standing = next;
    const business = perMonth * activityOf({ habit, quietMonth }, { standing, since, engagement, start });
    const left = (record.signedOn + YEAR - start) / DAY;
    for (let count = drawPoisson(business, random); count > 0; count--) value += playDeal(level, left, random);
  }
  return value;
}

/** What an initiative brings within so many days: a deal of its own, a lead, or one that another brings it into. */
function playDeal(level: number, left: number, random: () => number): number {
  const [least, most] = DEAL_DAYS;
  if (30 * random() + least + (most - least) * random() > left) return 0;
  const isOwn = random() < 1 / (1 + TOUCHES_PER_INITIATIVE);
  if (isOwn && random() > REGISTERED_SHARE * DECISIONS.approved) return 0;
  if (random() > WIN_WITHOUT_PARTNER + ROLE_EFFECTS.sourced) return 0;
  return level * Math.exp(SPREAD * drawNormal(random) - SPREAD ** 2 / 2);
}

function nextStanding(standing: Standing, engagement: number, random: () => number): Standing {
  const draw = random();
  if (standing === 'healthy') return draw < fadeChance(engagement, false) ? 'fading' : 'healthy';
  if (draw < LAWS.leaveWhileFading) return 'gone';
  return draw < LAWS.leaveWhileFading + LAWS.recoverWhileFading ? 'healthy' : 'fading';
}

function drawGuess(
  hypotheses: readonly Hypothesis[],
  random: () => number,
): Pick<Hypothesis, 'habit' | 'quietMonth'> & { guess: Guess } {
  const top = Math.max(...hypotheses.map(({ logEvidence }) => logEvidence));
  const hypothesis =
    hypotheses[
      drawPlace(
        hypotheses.map(({ logEvidence }) => Math.exp(logEvidence - top)),
        random,
      )
    ];
  const weights = hypothesis.guesses.map(({ logWeight }) => Math.exp(logWeight));
  return { ...hypothesis, guess: hypothesis.guesses[drawPlace(weights, random)] };
}

function drawPlace(weights: readonly number[], random: () => number): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const place = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return place < 0 ? weights.length - 1 : place;
}

/** Of a whole shape: the sum of so many exponential waits. */
function drawGamma(shape: number, random: () => number): number {
  return Array.from({ length: shape }, () => -Math.log(1 - random())).reduce((sum, wait) => sum + wait, 0);
}

function drawPoisson(mean: number, random: () => number): number {
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
  return count;
}

function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
