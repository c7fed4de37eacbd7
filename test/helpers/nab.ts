/** What counts how much: the standard profile of the Numenta Anomaly Benchmark. */
const A_TP = 1;
const A_FN = 1;
const A_FP = 0.11;
/** Rows at the beginning that are not judged: 15 %, at most 750. */
const PROBATION = { share: 0.15, most: 750 };
/** Beyond so many widths after a window a false positive costs all. */
const FAR = 3;

/** A labelled series, scored: the higher, the more unusual a row. */
export interface ScoredSeries {
  scores: Float64Array;
  /** First and last row of each window in which something happens, in order. */
  windows: readonly (readonly [first: number, last: number])[];
}

/** A row that may be called: what it is worth, and the window it is in (−1: none). */
interface Row {
  score: number;
  worth: number;
  window: number;
}

/**
 * The benchmark's score of a corpus at the one threshold that is best for it: 100 is perfect, 0 is calling nothing.
 * Source: Lavin & Ahmad 2015, Evaluating real-time anomaly detection algorithms (the Numenta Anomaly Benchmark).
 */
export function nabScore(corpus: readonly ScoredSeries[]): number {
  const windows = corpus.reduce((sum, series) => sum + series.windows.length, 0);
  const rows = corpus.flatMap((series, i) => {
    const before = corpus.slice(0, i).reduce((sum, each) => sum + each.windows.length, 0);
    return rowsOf(series, before);
  });
  rows.sort((a, b) => b.score - a.score);
  const best = new Float64Array(windows).fill(-A_FN);
  let raw = -A_FN * windows;
  let highest = raw;
  for (let i = 0; i < rows.length; i++) {
    raw += called(rows[i], best);
    // A threshold calls all rows of one score, or none.
    if (i + 1 === rows.length || rows[i + 1].score < rows[i].score) highest = Math.max(highest, raw);
  }
  return (100 * (highest + windows * A_FN)) / (windows * (A_TP + A_FN));
}

/** By how much calling a row changes the score: a window takes its best row. */
function called({ worth, window }: Row, best: Float64Array): number {
  if (window < 0) return worth;
  const gain = Math.max(0, worth - best[window]);
  best[window] += gain;
  return gain;
}

function rowsOf({ scores, windows }: ScoredSeries, before: number): Row[] {
  const from = probation(scores.length);
  const rows: Row[] = [];
  for (let i = from; i < scores.length; i++) {
    const window = windows.findIndex(([first, last]) => first <= i && i <= last);
    const worth = window >= 0 ? insideWorth(i, windows[window]) : outsideWorth(i, windows);
    rows.push({ score: scores[i], worth, window: window < 0 ? -1 : before + window });
  }
  return rows;
}

/** How many rows of a series are not judged. */
export function probation(rows: number): number {
  return Math.min(Math.floor(PROBATION.share * rows), PROBATION.most);
}

function insideWorth(row: number, [first, last]: readonly [number, number]): number {
  return (A_TP * sigmoid(-(last - row + 1) / (last - first + 1))) / sigmoid(-1);
}

function outsideWorth(row: number, windows: ScoredSeries['windows']): number {
  const previous = windows.findLast(([, last]) => last < row);
  if (!previous) return -A_FP;
  const [first, last] = previous;
  const past = (row - last) / (last - first);
  return past > FAR ? -A_FP : A_FP * sigmoid(past);
}

function sigmoid(position: number): number {
  return 2 / (1 + Math.exp(5 * position)) - 1;
}
