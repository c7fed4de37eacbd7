import type { Measured } from './bootstrap.ts';
import type { LabelWindow } from './label.ts';

/** Whether a champion was worth having beside the best rule of thumb. */
export interface Verdict {
  /** `model`: clearly better than the best rule; `rule`: a rule is as good. */
  better: 'model' | 'rule';
  /** The rule it is held against. */
  rule: string;
  /** How much lower the champion's log loss is. */
  gain: Measured;
  text: string;
}

/**
 * The verdict on a test.
 * @param gain how much lower the champion's log loss is there, with its 95 % interval
 * @param besides further figures, a clause
 */
export function verdictOnTest(champion: string, rule: string, gain: Measured, besides?: string): Verdict {
  const better = gain.low > 0 ? 'model' : 'rule';
  return { better, rule, gain, text: testText(champion, rule, gain, besides) };
}

function testText(champion: string, rule: string, { value, low, high }: Measured, besides?: string): string {
  if (champion === rule) return `${rule} won the training time itself: a rule is as good.`;
  const by = `log loss lower by ${value.toFixed(3)} (95 % ${low.toFixed(3)} to ${high.toFixed(3)})`;
  const figures = besides === undefined ? by : `${by}, ${besides}`;
  return low > 0
    ? `${champion} is better than ${rule}: ${figures}.`
    : `A rule is as good: ${champion} is not clearly better than ${rule} (${figures}).`;
}

/**
 * The verdict of a card, on what was foretold in training, in a sentence.
 * @param gain as above; null where there was too little past to foretell any of it
 * @param label whose folds say what that was: later time, or other partners
 */
export function tellTraining(champion: string, rule: string, gain: Measured | null, label: LabelWindow): string {
  const what = label.foldsOfPartners ? 'partners that it had not learnt from' : 'the later half of the training time';
  if (gain === null) return `There was too little past to tell by: ${champion} is published as the simplest.`;
  if (champion === rule) return `A rule is as good: nothing with reasons foretold ${what} better than ${rule}.`;
  return gain.low > 0
    ? `${champion} foretold ${what} better than ${rule}.`
    : `A rule is as good: ${champion} did not clearly beat ${rule} on ${what}.`;
}
