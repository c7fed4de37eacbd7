import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../features/index.ts';
import { baseRateEstimator } from '../../models/estimators/base-rate.ts';
import { neuralHazard } from '../../models/estimators/neural-hazard/neural-hazard.ts';
import {
  type FittedVersion,
  loadVersion,
  requireFeatures,
  type SavedVersion,
  saveVersion,
  scoringModels,
  seeded,
  trainVersion,
} from '../../models/index.ts';
import { NAMES, someSet } from '../helpers/sets.ts';

const [model] = scoringModels;
const SETTINGS = { until: parseDay('2024-01-01'), seed: 3, threads: 1, capacity: 5, rulesOnly: false };
const SET = someSet(80, 14, 1);
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

/** The same version with other text, as one would forge it who knows how checksums are made. */
function forged(saved: SavedVersion, change: (content: Record<string, unknown>) => unknown): SavedVersion {
  const text = JSON.stringify(change(JSON.parse(saved.text)));
  return { ...saved, text, checksum: sha256(text) };
}

describe('a saved version', () => {
  let fitted: FittedVersion;
  let saved: SavedVersion;
  /** One that is small enough to be broken at every byte. */
  let small: SavedVersion;

  beforeAll(async () => {
    ({ fitted } = await trainVersion(model, SET, SETTINGS));
    saved = saveVersion(fitted);
    const anyone = { ...model, estimators: [baseRateEstimator] };
    const learnt = await trainVersion(anyone, SET, { ...SETTINGS, rulesOnly: true });
    small = saveVersion({
      ...learnt.fitted,
      refits: learnt.fitted.refits.slice(0, 2),
      champion: {
        ...learnt.fitted.champion,
        calibration: { said: [0.5, 1, 2, 3, 4, 5, 6, 7, 8], meant: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
      },
    });
  });

  it('comes back whole, and says the same of everybody to the bit', () => {
    const loaded = loadVersion(saved);
    expect(saveVersion(loaded)).toEqual(saved);
    expect(loaded.features).toEqual(NAMES);
    const said = ({ champion, refits }: FittedVersion) =>
      [champion, ...refits].map(({ model: each, calibration }) => [[...each.predict(SET.table)], calibration]);
    expect(said(loaded)).toEqual(said(fitted));
    // The numbers are apart: what is text can be read.
    expect(saved.numbers.length).toBeGreaterThan(saved.text.length);
  });

  it('is refused when it is truncated at any byte', () => {
    for (let length = 0; length < small.text.length; length++) {
      expect(() => loadVersion({ ...small, text: small.text.slice(0, length) })).toThrow(/is damaged.*Train again/);
    }
    for (let length = 0; length < small.numbers.length; length++) {
      expect(() => loadVersion({ ...small, numbers: small.numbers.subarray(0, length) })).toThrow(
        /is damaged.*numbers/,
      );
    }
    expect(small.numbers.length).toBeGreaterThan(16);
  });

  it('is refused when any bit of any byte has flipped', () => {
    const bytes = Buffer.from(small.text);
    for (let place = 0; place < 8 * bytes.length; place++) {
      bytes[place >> 3] ^= 1 << (place & 7);
      expect(() => loadVersion({ ...small, text: bytes.toString() }), `bit ${place}`).toThrow(/is damaged/);
      bytes[place >> 3] ^= 1 << (place & 7);
    }
    const numbers = Uint8Array.from(small.numbers);
    for (let place = 0; place < 8 * numbers.length; place++) {
      numbers[place >> 3] ^= 1 << (place & 7);
      expect(() => loadVersion({ ...small, numbers }), `bit ${place} of the numbers`).toThrow(/is damaged/);
      numbers[place >> 3] ^= 1 << (place & 7);
    }
    expect(loadVersion({ ...small, numbers }).model).toBe('churn-risk');
  });

  it('is refused with more bytes than it names, and when it is larger than any may be', () => {
    expect(() => loadVersion({ ...small, numbers: new Uint8Array(small.numbers.length + 1) })).toThrow(/is damaged/);
    const large = { length: 2 ** 30 } as Uint8Array;
    expect(() => loadVersion({ ...small, numbers: large })).toThrow(/larger .* than any version may be/);
  });

  it('is not saved either when it is larger than any may be', () => {
    const large = { ...loadVersion(small), model: 'x'.repeat(65 * 2 ** 20) };
    expect(() => saveVersion(large)).toThrow(/larger .* than any version may be/);
  });

  it('of a newer format is refused with the formats it reads', () => {
    const newer = forged(small, (content) => ({ ...content, format: 3, novelty: true }));
    expect(() => loadVersion(newer)).toThrow(/cannot be read: .*reads formats 1 and 2; use a newer partnercast/);
  });

  it('of the format before, its numbers in the text, can still be read', async () => {
    const { format, numbers, features, reference, ...old } = JSON.parse(small.text);
    const { said, meant } = { said: [0.5, 1, 2, 3, 4, 5, 6, 7, 8], meant: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    const text = JSON.stringify({
      format: 1,
      ...old,
      directions: Object.fromEntries(NAMES.map((name) => [name, 0])),
      champion: { ...old.champion, calibration: { said, meant } },
    });
    const loaded = loadVersion({ ...small, text, numbers: new Uint8Array(), checksum: sha256(text) });
    expect([...loaded.champion.model.predict(SET.table)]).toEqual([
      ...loadVersion(small).champion.model.predict(SET.table),
    ]);
    expect([format, loaded.features, loaded.reference]).toEqual([2, [], null]);
    expect(reference.partners).toBe(80);
    expect(numbers.bytes).toBeGreaterThan(0);
    expect(features).toEqual(NAMES);
  });

  it.each<[string, (content: Record<string, unknown>) => unknown, RegExp]>([
    ['a key that reaches past the object', (content) => ({ ...content, ['__proto__']: { x: 1 } }), /a key "__proto__"/],
    ['the same, deep inside', (c) => ({ ...c, directions: JSON.parse('{"a":{"constructor":1}}') }), /"constructor"/],
    ['a key nobody knows', (content) => ({ ...content, code: 'process.exit()' }), /[Uu]nrecognized key.*code/],
    ['numbers without end', (c) => ({ ...c, features: { '#': ['f8', 9_999_999] } }), /more than the \d+ bytes/],
    ['a list of a kind nobody knows', (c) => ({ ...c, features: { '#': ['f2', 1] } }), /mark .* says nothing/],
    ['less than no numbers', (c) => ({ ...c, features: { '#': ['f8', -1] } }), /mark .* says nothing/],
    ['numbers that nobody asks for', (c) => ({ ...c, champion: { model: {} } }), /asks for \d+ of the \d+ bytes/],
    ['levels without end', (c) => ({ ...c, refits: JSON.parse('['.repeat(99) + ']'.repeat(99)) }), /levels deep/],
    ['an estimator nobody knows', (c) => ({ ...c, refits: [unknownModel()] }), /no estimator "oracle"/],
    ['a probability beyond 1', (c) => ({ ...c, refits: [unknownModel('base-rate', 7)] }), /cannot be read/],
    ['text where a time is to be', (c) => ({ ...c, trainedUntil: 'now' }), /cannot be read/],
  ])('with %s is refused', (_, change, because) => {
    const name = /^version .* of churn-risk cannot be read: /;
    const load = () => loadVersion(forged(small, change));
    expect(load).toThrow(name);
    expect(load).toThrow(because);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('that is no JSON at all is refused, whatever its checksum', () => {
    for (const text of ['', 'null', '[]', '7', '{', '"x"']) {
      expect(() => loadVersion({ ...small, text, checksum: sha256(text) }), text).toThrow(/cannot be read/);
    }
  });

  it('of a model without reasons is refused: nobody could be told why', async () => {
    const silent = await neuralHazard.fit(SET, seeded(1));
    const forgery = forged({ ...saved, numbers: new Uint8Array() }, (content) => ({
      ...content,
      numbers: undefined,
      refits: [],
      directions: {},
      features: [],
      reference: null,
      champion: { model: silent.save(), calibration: { intercept: 0, slope: 1 } },
    }));
    expect(() => loadVersion(forgery)).toThrow(/^version .* cannot be read: neural-hazard gives no reasons/);
  });

  it('of another set of features is refused, naming what is missing', () => {
    const name = 'version v of churn-risk';
    const foreign = { ...fitted, features: ['recency_days', 'a', 'b', 'c', 'd'] };
    expect(() => requireFeatures(foreign, model.view, name)).toThrow(
      /^version v of churn-risk learnt from another set of features: \S+ has no a, b, c and 1 more\. Train again\.$/,
    );
    const known = { ...fitted, features: ['recency_days'] };
    expect(() => requireFeatures(known, model.view, name)).not.toThrow();
  });
});

function unknownModel(estimator = 'oracle', probability = 0.5): unknown {
  return { model: { estimator, probability }, calibration: { intercept: 0, slope: 1 } };
}
