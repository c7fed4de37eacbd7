import { loadavg } from 'node:os';
import { DAY, type FeatureTable, parseDay, traitView } from '../../features/index.ts';
import {
  learnProfile,
  type Random,
  rankProspects,
  seeded,
  type TopPartners,
  trainPropensity,
} from '../../models/index.ts';
import { record, say } from './record.ts';

/* 100,000 prospects of 60 traits, ranked with reasons beside 2,000 partners: training apart, every prospect on the list. */

const PROSPECTS = Number(process.env['PROSPECTS'] ?? 100_000);
const PARTNERS = 2000;
const TODAY = parseDay('2026-01-01');
const TECHNOLOGIES = Array.from({ length: 40 }, (_, i) => `t${i}`);
const INDUSTRIES = Array.from({ length: 8 }, (_, i) => `industry ${i}`);
const COUNTRIES = Array.from({ length: 10 }, (_, i) => `c${i}`);
const view = traitView({ country: COUNTRIES, industry: INDUSTRIES, technologies: TECHNOLOGIES }, {});

/** Companies of which one in twenty values is unknown; the first two features are numbers. */
function companies(count: number, prefix: string, random: Random): FeatureTable {
  const value = (i: number) => (i < 2 ? Math.round(1 + 500 * random() ** 3) : Number(random() < 0.25));
  return {
    names: view.features.map(({ name }) => name),
    entities: Array.from({ length: count }, (_, i) => `${prefix}${i}`),
    cutoffs: new Float64Array(count).fill(TODAY - DAY),
    columns: view.features.map((_, i) =>
      Float32Array.from({ length: count }, () => (random() < 0.05 ? Number.NaN : value(i))),
    ),
    atRisk: new Uint8Array(count).fill(1),
    peers: new Array<string>(count).fill(''),
  };
}

/** Six traits make a top partner; their companies have all else by chance. */
function partnersOf(whenSigned: FeatureTable, random: Random): TopPartners {
  const telling = view.features.map((_, i) => i).filter((i) => i > 2 && i % 9 === 0);
  const standing = Uint8Array.from(whenSigned.entities, (_, row) => {
    const has = telling.filter((i) => whenSigned.columns[i][row] === 1).length;
    return Number(random() < 0.08 + 0.17 * has);
  });
  return { view, whenSigned, today: whenSigned, standing, verdict: 'found', says: '' };
}

interface Took {
  seconds: number;
  cpu: number;
}

async function timed<Result>(work: () => Result | Promise<Result>): Promise<Took & { result: Result }> {
  const [from, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (performance.now() - from) / 1000, cpu: (user + system) / 1e6 };
}

const random = seeded(1);
const partners = partnersOf(companies(PARTNERS, 'p', random), random);
const prospects = companies(PROSPECTS, 'q', random);
const settings = { learntUntil: TODAY, seed: 1 };
const profile = await timed(() => learnProfile(partners, settings));
const training = await timed(() =>
  trainPropensity({ partners, profile: profile.result, prospects, approached: null }, settings),
);
const ranking = await timed(() =>
  rankProspects(
    training.result,
    profile.result,
    { view, prospects, partners: partners.today },
    { n: PROSPECTS, exploreShare: 0, seed: 1 },
  ),
);
const { fit } = training.result.card;
const memory = process.resourceUsage().maxRSS / 1024;
const champion = 'champion' in fit ? fit.champion : fit.says;
say(
  `${ranking.result.length} ranked in ${ranking.seconds.toFixed(1)} s, ${ranking.cpu.toFixed(1)} CPU-s, ${memory.toFixed(0)} MB`,
);
record('Recruiting', [
  `${PROSPECTS} × ${view.features.length}, ${PARTNERS} partners`,
  `load ${loadavg()[0].toFixed(1)}; Node ${process.version}`,
  `${ranking.cpu.toFixed(1)} CPU-s, ${ranking.seconds.toFixed(1)} s`,
  `${training.cpu.toFixed(1)} CPU-s`,
  `${profile.cpu.toFixed(1)} CPU-s`,
  champion,
  `${memory.toFixed(0)} MB`,
]);
