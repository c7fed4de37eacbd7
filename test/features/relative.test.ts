import { describe, expect, it } from 'vitest';
import {
  column,
  completeTable,
  DAY,
  FeatureRows,
  type History,
  parseDay,
  rowsWhere,
  selectRows,
  views,
  visitHistories,
} from '../../features/index.ts';
import { seeded } from '../../models/index.ts';
import { columnsOf, programSince, type SomeEvent } from '../helpers/facts.ts';

const CUTOFF = parseDay('2024-07-01');
const times = (count: number, from = 1): SomeEvent[] =>
  Array.from({ length: count }, (_, i) => ({ at: CUTOFF - (from + i) * DAY }));

function tableOf(partners: Record<string, SomeEvent[]>) {
  const rows = new FeatureRows(views[0], Object.keys(partners).length);
  visitHistories(columnsOf(partners), programSince('2020-01-01'), [CUTOFF], (history) => rows.add(history));
  return completeTable(views[0], [rows.taken()]).table;
}

const nowAndThen: SomeEvent[] = [1, 60, 120, 180].map((days) => ({ at: CUTOFF - days * DAY }));

describe('a partner among all partners of the day', () => {
  const table = tableOf({ busy: times(30), calm: nowAndThen, also: nowAndThen, gone: times(5, 200), new: times(1) });

  it('is ranked among those at risk, ties half', () => {
    expect([...table.atRisk]).toEqual([1, 1, 1, 0, 0]);
    const ranks = column(table, 'rank_events_90d');
    expect([...ranks].map((rank) => Math.round(100 * rank))).toEqual([83, 33, 33, 0, 0]);
  });

  it('has a rate that is shrunk towards the program', () => {
    const rates = column(table, 'eb_rate_90d');
    // Alone, the busy one would bring 90 in 90 days and the calm ones 2; both are pulled towards each other.
    expect(rates[0]).toBeLessThan(90);
    expect(rates[0]).toBeGreaterThan(45);
    expect(rates[1]).toBeGreaterThan(2);
    expect(rates[1]).toBeLessThan(4);
    const quiet = column(table, 'eb_quiet_90d');
    expect(quiet[0]).toBeLessThan(quiet[3]);
  });

  it('sees the level of the program, over those at risk', () => {
    const [quarter, year] = [30 + 2 + 2, 30 + 4 + 4];
    expect(column(table, 'program_level_90d')[0]).toBeCloseTo((quarter * 365) / (year * 90), 5);
  });
});

it('means the same whether those who are not at risk are there, as in scoring, or not, as in training', () => {
  const random = seeded(3);
  const partners = Object.fromEntries(
    Array.from({ length: 60 }, (_, p): [string, SomeEvent[]] => [
      `p${p}`,
      Array.from({ length: Math.ceil(12 * random()) }, () => ({ at: CUTOFF - Math.ceil(400 * random()) * DAY })),
    ]),
  );
  const columns = columnsOf(partners);
  const tableFor = (wanted: (history: History) => boolean) => {
    const rows = new FeatureRows(views[0], 60);
    visitHistories(columns, programSince('2020-01-01'), [CUTOFF], (history) => {
      if (wanted(history)) rows.add(history);
    });
    return completeTable(views[0], [rows.taken()]).table;
  };
  const [all, atRisk] = [tableFor(() => true), tableFor((history) => views[0].atRisk(history))];
  const shared = selectRows(
    all,
    rowsWhere(all, (row) => all.atRisk[row] === 1),
  );
  expect(atRisk.entities.length).toBeGreaterThan(20);
  expect(atRisk.entities.length).toBeLessThan(50);
  expect(shared.entities).toEqual(atRisk.entities);
  shared.names.forEach((name, i) => {
    expect(atRisk.columns[i], name).toEqual(shared.columns[i]);
  });
});

it('without anybody at risk there is nobody to compare with', () => {
  const table = tableOf({ gone: times(5, 200) });
  for (const name of ['eb_rate_90d', 'eb_quiet_90d', 'rank_events_90d']) {
    expect(column(table, name)[0], name).toBeNaN();
  }
  expect(column(table, 'program_level_90d')[0]).toBeNaN();
});
