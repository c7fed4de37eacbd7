import { z } from 'zod';
import type { SavedModel } from '../estimator.ts';
import { loadContender } from './contenders.ts';
import type { Propensity, PropensityCard } from './propensity.ts';

const FORMAT = 1;
const savedModel = z.looseObject({ estimator: z.string() });
const features = z.array(z.string()).max(10_000);
const figures = z.array(z.number()).min(1);
const savedForm = z.strictObject({
  format: z.literal(FORMAT, `this version reads format ${FORMAT}`),
  fit: z.strictObject({ model: savedModel, features, reference: z.array(z.number()).min(2) }).nullable(),
  accept: z
    .strictObject({
      model: savedModel,
      features,
      calibration: z.union([
        z.strictObject({ intercept: z.number(), slope: z.number() }),
        z.strictObject({ said: figures, meant: figures }),
      ]),
    })
    .nullable(),
  card: z.looseObject({ learntUntil: z.number(), seed: z.int(), selectionBias: z.string() }),
});

/** A propensity as plain data, enough for `loadPropensity`. */
export function savePropensity({ fit, accept, card }: Propensity): object {
  const plain = <Kind extends { model: { save(): SavedModel } }>(of: Kind | null) =>
    of && { ...of, model: of.model.save() };
  return { format: FORMAT, fit: plain(fit), accept: plain(accept), card };
}

/**
 * A propensity from what `savePropensity` gave, after a way through JSON.
 * @throws RangeError saying what of it is none
 */
export function loadPropensity(saved: unknown): Propensity {
  const parsed = savedForm.safeParse(saved);
  if (!parsed.success) throw new RangeError(`this is no saved propensity: ${z.prettifyError(parsed.error)}`);
  const { fit, accept, card } = parsed.data;
  return {
    fit: fit && { ...fit, model: loadContender(fit.model) },
    accept: accept && { ...accept, model: loadContender(accept.model) },
    card: card as unknown as PropensityCard,
  };
}
