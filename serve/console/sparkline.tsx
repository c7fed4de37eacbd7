const WIDTH = 120;
const HEIGHT = 28;
const PAD = 2;
/** Weeks that make a point: single weeks of a small partner are all noise. */
const WEEKS_PER_POINT = 4;

/** A year of activity as a small line; what it shows is also said in words. */
export function Sparkline({ weeks }: { weeks: readonly number[] }) {
  const points = perPoint(weeks);
  const most = Math.max(1, ...points);
  const x = (i: number) => PAD + (i * (WIDTH - 2 * PAD)) / Math.max(1, points.length - 1);
  const y = (count: number) => HEIGHT - PAD - (count * (HEIGHT - 2 * PAD)) / most;
  const line = points.map((count, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(count).toFixed(1)}`).join('');
  const last = points.length - 1;
  const said = `Business events per four weeks over a year: at most ${most}, lately ${points[last]}`;
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={said}>
      <title>{said}</title>
      <path d={line} />
      <circle cx={x(last).toFixed(1)} cy={y(points[last]).toFixed(1)} r="2" />
    </svg>
  );
}

function perPoint(weeks: readonly number[]): number[] {
  const points: number[] = [];
  for (let from = weeks.length % WEEKS_PER_POINT; from < weeks.length; from += WEEKS_PER_POINT) {
    points.push(weeks.slice(from, from + WEEKS_PER_POINT).reduce((sum, count) => sum + count, 0));
  }
  return points;
}
