import { describe, expect, it } from 'vitest';
import {
  completeTable,
  DAY,
  describedFeatures,
  type EventColumns,
  type Feature,
  FeatureRows,
  type FeatureTable,
  type FeatureView,
  History,
  type Program,
  parseDay,
  views,
  visitHistories,
} from '../../features/index.ts';
import { seeded } from '../../models/index.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const CUTOFF = parseDay('2024-07-01');
const KINDS = ['deal.registered', 'deal.won', 'portal.login', 'training.completed'];

/** Partners with a year and a half of mixed events each. */
function somePartners(count: number, seed: number): Record<string, SomeEvent[]> {
  const random = seeded(seed);
  return Object.fromEntries(
    Array.from({ length: count }, (_, p) => [
      `p${p}`,
      Array.from({ length: 5 + Math.floor(40 * random()) }, (): SomeEvent => {
        const at = CUTOFF - Math.ceil(540 * random()) * DAY + Math.floor(random() * DAY);
        return {
          at,
          known: at + (random() < 0.2 ? Math.floor(60 * random()) * DAY : 0),
          kind: KINDS[Math.floor(KINDS.length * random())],
          contactId: `c${Math.floor(5 * random())}`,
          product: `x${Math.floor(3 * random())}`,
          value: 100,
          currency: 'USD',
        };
      }),
    ]),
  );
}

/** The same partners, and facts that happened or became known at the cutoff or later. */
function withFuture(partners: Record<string, SomeEvent[]>): Record<string, SomeEvent[]> {
  const random = seeded(99);
  const future = (): SomeEvent[] => [
    { at: CUTOFF, kind: 'deal.registered', contactId: 'new', product: 'new' },
    { at: CUTOFF + 40 * DAY, kind: 'portal.login' },
    ...Array.from({ length: 20 }, (): SomeEvent => {
      const at = CUTOFF - Math.ceil(400 * random()) * DAY;
      return {
        at,
        known: CUTOFF + Math.floor(30 * random()) * DAY,
        kind: 'deal.won',
        contactId: 'late',
        value: 1,
        currency: 'EUR',
      };
    }),
  ];
  return {
    ...Object.fromEntries(Object.entries(partners).map(([id, events]) => [id, [...events, ...future()]])),
    stranger: future().filter((event) => Number(event.known ?? event.at) >= CUTOFF),
  };
}

function tableOf(view: FeatureView, columns: EventColumns, program: Program): FeatureTable {
  const rows = new FeatureRows(view, columns.partners.length);
  visitHistories(columns, program, [CUTOFF], (history) => rows.add(history));
  return completeTable(view, [rows.taken()]).table;
}

/** The first feature whose bits differ when a future is appended; undefined when none does. */
function findLeak(view: FeatureView, makeColumns = columnsOf): string | undefined {
  const partners = somePartners(12, 5);
  const program = programSince('2020-01-01');
  const later = { ...program, tracking: [...program.tracking, { kind: 'deal.registered', knownBy: CUTOFF, since: 0 }] };
  const without = tableOf(view, makeColumns(partners), program);
  const within = tableOf(view, makeColumns(withFuture(partners)), later);
  if (without.entities.join() !== within.entities.join()) return 'the partners themselves';
  return without.names.find(
    (_, i) => !Buffer.from(without.columns[i].buffer).equals(Buffer.from(within.columns[i].buffer)),
  );
}

describe.each(views.map((view) => [view.name, view] as const))('view %s', (_, view) => {
  const features = describedFeatures(view);

  it('gives the same bits whatever happens, or becomes known, from the cutoff on', () => {
    expect(findLeak(view)).toBeUndefined();
  });

  it('names every feature once, in the way of names', () => {
    const names = features.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it.each(features.map((feature) => [feature.name, feature] as const))(
    '%s says what it is, and both its reasons with the numbers',
    (__, feature) => {
      expect(feature.description).toMatch(/^[A-Z].*\.$/s);
      for (const phrase of [feature.reason.high, feature.reason.low]) {
        const told = phrase({ value: '41 days', number: '41', peers: '7', usual: '12' });
        expect(told).toContain('41');
        expect(told).not.toMatch(/undefined|\.$/);
      }
    },
  );

  it('every feature is known for some partner and differs between partners, or it is not tracked here', () => {
    const table = tableOf(view, columnsOf(somePartners(40, 8)), programSince('2020-01-01'));
    const silent = new Set(['days_to_renewal', 'program_level_90d']);
    table.names.forEach((name, i) => {
      const known = new Set(table.columns[i].filter((value) => !Number.isNaN(value)));
      if (!silent.has(name)) expect(known.size, name).toBeGreaterThan(1);
    });
  });
});

describe('the leak test can fail', () => {
  const [view] = views;

  function peeking(compute: (columns: EventColumns, history: History) => number): string | undefined {
    let held: EventColumns | undefined;
    const feature: Feature = {
      ...view.features[0],
      name: 'peeks',
      compute: (history) => compute(held as EventColumns, history),
    };
    return findLeak({ ...view, features: [...view.features, feature] }, (partners) => {
      held = columnsOf(partners);
      return held;
    });
  }

  it('when a feature counts what happened later', () => {
    const leak = peeking(({ happenedAt }, history) => happenedAt.filter((when) => when >= history.cutoff).length);
    expect(leak).toBe('peeks');
  });

  it('when a feature counts what became known later', () => {
    const leak = peeking(({ partners, offsets, happenedAt }, history) => {
      const partner = partners.indexOf(history.partnerId);
      const own = happenedAt.subarray(offsets[partner], offsets[partner + 1]);
      return own.filter((when) => when < history.cutoff).length;
    });
    expect(leak).toBe('peeks');
  });

  it('when a history is turned to a later day', () => {
    const program = programSince('2020-01-01');
    const leak = peeking((columns, history) => {
      const later = new History(columns, program).moveTo(
        columns.partners.indexOf(history.partnerId),
        CUTOFF + 30 * DAY,
      );
      return later.countEver('qualifying');
    });
    expect(leak).toBe('peeks');
  });
});
