import { type Survival, writePercent } from '../../models/index.ts';

const WIDTH = 440;
const HEIGHT = 230;
const PLOT = { left: 48, right: 430, top: 10, bottom: 190 };
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** The chance that a silence outlasts each day, with its 90 % interval; what it shows is also said in words. */
export function SurvivalChart({
  survival,
  said,
  marked,
}: {
  survival: Survival;
  said: string;
  marked: readonly number[];
}) {
  const days = [0, ...survival.days];
  const last = days[days.length - 1];
  const x = (day: number) => PLOT.left + (day * (PLOT.right - PLOT.left)) / last;
  const y = (share: number) => PLOT.bottom - share * (PLOT.bottom - PLOT.top);
  const point = (share: number, i: number) => `${x(days[i]).toFixed(1)} ${y(share).toFixed(1)}`;
  const [line, low, high] = [survival.probability, survival.low, survival.high].map((values) =>
    [1, ...values].map(point),
  );
  return (
    <svg class="survival" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
      <title>{said}</title>
      {SHARES.map((share) => (
        <g key={share}>
          <line class="grid" x1={PLOT.left} x2={PLOT.right} y1={y(share)} y2={y(share)} />
          <text x={PLOT.left - 6} y={y(share) + 4} text-anchor="end">
            {writePercent(share)}
          </text>
        </g>
      ))}
      <path class="interval" d={`M${high.join('L')}L${low.reverse().join('L')}Z`} />
      <path class="curve" d={`M${line.join('L')}`} />
      {marked.map((day) => (
        <g key={day}>
          <circle cx={x(day)} cy={y(survival.probability[survival.days.indexOf(day)])} r="4" />
          <text x={x(day)} y={PLOT.bottom + 18} text-anchor={day === last ? 'end' : 'middle'}>
            {day}
          </text>
        </g>
      ))}
      <text x={PLOT.right} y={HEIGHT - 4} text-anchor="end">
        days from the day of the score
      </text>
    </svg>
  );
}
