import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';
import type { ReliabilityBin } from '../../models/index.ts';

const { document } = new JSDOM('').window;

/**
 * Predicted against observed, with intervals, as SVG. Colours come from the page's style sheet.
 * @param said what the chart shows, in words
 */
export function reliabilityChart(bins: readonly ReliabilityBin[], said: string): string {
  const top = Math.min(1, Math.ceil(10 * Math.max(...bins.flatMap(({ predicted, high }) => [predicted, high]))) / 10);
  const domain = [0, top];
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const figure = Plot.plot({
    document,
    width: 420,
    height: 300,
    marginLeft: 50,
    marginBottom: 40,
    x: { domain, label: 'Said: probability of going quiet', tickFormat: percent, grid: true },
    y: { domain, label: 'Happened: share that went quiet', tickFormat: percent, grid: true },
    marks: [
      Plot.line([0, top], { x: (share) => share, y: (share) => share, strokeDasharray: '4 4', strokeOpacity: 0.6 }),
      Plot.ruleX(bins, { x: 'predicted', y1: 'low', y2: 'high', strokeWidth: 1.5, strokeOpacity: 0.5 }),
      Plot.dot(bins, { x: 'predicted', y: 'observed', r: 4, fill: 'currentColor', className: 'observed' }),
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
