import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';
import { type Incident, type PastEvaluation, type ReliabilityBin, wordsOf } from '../../models/index.ts';

const { document } = new JSDOM('').window;

/**
 * Predicted against observed, with intervals, as SVG. Colours come from the page's style sheet.
 * @param said what the chart shows, in words
 * @param happened what the outcome is called, as in "went quiet"
 */
export function reliabilityChart(bins: readonly ReliabilityBin[], said: string, happened: string): string {
  const top = Math.min(1, Math.ceil(10 * Math.max(...bins.flatMap(({ predicted, high }) => [predicted, high]))) / 10);
  const axes = { x: 'Said: probability', y: `Happened: share that ${happened}` };
  return shareChart(said, axes, top, [
    Plot.ruleX(bins, { x: 'predicted', y1: 'low', y2: 'high', strokeWidth: 1.5, strokeOpacity: 0.5 }),
    Plot.dot(bins, { x: 'predicted', y: 'observed', r: 4, fill: 'currentColor', className: 'observed' }),
  ]);
}

/**
 * How many of those to whom it happened are found by calling the first so many, with intervals, beside the rule that a
 * team has for free and calling anyone; as SVG.
 * @param said what the chart shows, in words
 * @param happened what the outcome is called, as in "went quiet"
 */
export function gainsChart(gains: PastEvaluation['gains'], said: string, happened: string): string {
  const nobody = { called: 0, found: { value: 0, low: 0, high: 0 }, byRecency: 0 };
  const points = [nobody, ...gains].map(({ called, found, byRecency }) => ({ called, ...found, byRecency }));
  const axes = { x: 'Share of partners called', y: `Found of those that ${happened}` };
  return shareChart(said, axes, 1, [
    Plot.line(points, { x: 'called', y: 'byRecency', strokeDasharray: '2 3', stroke: 'currentColor' }),
    Plot.ruleX(points, { x: 'called', y1: 'low', y2: 'high', strokeWidth: 1.5, strokeOpacity: 0.5 }),
    Plot.line(points, { x: 'called', y: 'value', strokeWidth: 2, stroke: 'currentColor' }),
  ]);
}

/** Marks between two shares from 0 to `top`, over the dotted line where both are the same. */
function shareChart(said: string, axes: { x: string; y: string }, top: number, marks: Plot.Markish[]): string {
  const of = (label: string) => ({ domain: [0, top], label, tickFormat: percent, grid: true });
  const same = { x: (share: number) => share, y: (share: number) => share };
  const figure = Plot.plot({
    document,
    width: 420,
    height: 300,
    marginLeft: 50,
    marginBottom: 40,
    x: of(axes.x),
    y: of(axes.y),
    marks: [Plot.line([0, top], { ...same, strokeDasharray: '4 4', strokeOpacity: 0.6 }), ...marks],
  });
  return plainSvg(figure, said);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/**
 * The weeks of an incident's metric with the band that was expected, as SVG; the weeks that show it stand out by shape.
 * @param said what the chart shows, in words
 */
export function timelineChart({ timeline, metric, since, lastSeen }: Incident, said: string): string {
  const weeks = timeline.map((week) => {
    const isShown = week.period >= since && week.period <= lastSeen;
    const shape = isShown ? { size: 5, symbol: 'diamond' } : { size: 2, symbol: 'circle' };
    return { ...week, ...shape, day: new Date(week.period) };
  });
  const banded = weeks.filter(({ low, high }) => low !== null && high !== null);
  const known = weeks.filter(({ observed }) => observed !== null);
  const figure = Plot.plot({
    document,
    width: 720,
    height: 260,
    marginLeft: 55,
    marginBottom: 40,
    x: { type: 'utc', label: 'Week beginning' },
    r: { type: 'identity' },
    symbol: { type: 'identity' },
    y: { label: `${wordsOf(metric)} per week`, grid: true, zero: true, nice: true },
    marks: [
      Plot.areaY(banded, { x: 'day', y1: 'low', y2: 'high', fillOpacity: 0.15, curve: 'step' }),
      Plot.line(banded, { x: 'day', y: 'expected', strokeDasharray: '4 3', strokeOpacity: 0.7, curve: 'step' }),
      Plot.line(known, { x: 'day', y: 'observed', strokeWidth: 1.5 }),
      Plot.dot(known, {
        x: 'day',
        y: 'observed',
        r: 'size',
        symbol: 'symbol',
        fill: 'currentColor',
        className: 'observed',
      }),
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
    ],
  });
  return plainSvg(figure, said);
}

/** Plot's own style element and labels on groups do not go with a strict content security policy and with readers. */
function plainSvg(figure: Element, said: string): string {
  for (const style of figure.querySelectorAll('style')) style.remove();
  for (const group of figure.querySelectorAll('[aria-label]')) group.removeAttribute('aria-label');
  figure.setAttribute('role', 'img');
  figure.setAttribute('aria-label', said);
  return figure.outerHTML;
}
