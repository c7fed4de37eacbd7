import { isFault } from './fields.ts';
import { ISO, instantFormatted, isIso } from './instants.ts';

const DATES = [
  ...['d.M.yyyy', 'd.M.yy', 'd/M/yyyy', 'M/d/yyyy', 'd/M/yy', 'M/d/yy', 'd-M-yyyy', 'M-d-yyyy', 'yyyy/M/d', 'yyyy.M.d'],
  ...['d MMM yyyy', 'd-MMM-yyyy', 'd-MMM-yy', 'MMM d, yyyy', 'MMM d yyyy'],
];
const CLOCKS = ['', ' H:mm', ' H:mm:ss', ' h:mm a', ' h:mm:ss a', ', H:mm', ', H:mm:ss', ', h:mm a', ', h:mm:ss a'];
const FORMATS = [...DATES.flatMap((date) => CLOCKS.map((clock) => date + clock)), 'yyyyMMdd', 'epoch_ms', 'epoch_s'];
/** A rival that reads nearly as many could be the right one, and the others mistakes. */
const NEARLY = 0.95;

/**
 * The format in which dates are written: ISO 8601 when half of them are, or when nothing reads more.
 * @param texts some of them, none empty
 * @throws RangeError naming both when days and months could change places
 */
export function detectDateFormat(texts: readonly string[]): string {
  const others = texts.filter((text) => !isIso(text));
  if (others.length < texts.length / 2) return ISO;
  const scores = FORMATS.map((format) => ({ format, read: share(others, format) }));
  const best = scores.reduce((a, b) => (b.read > a.read ? b : a));
  if (best.read === 0) return ISO;
  const rival = scores.find(
    ({ format, read }) => format !== best.format && read >= NEARLY * best.read && differ(others, format, best.format),
  );
  if (!rival) return best.format;
  const example = others.find((text) => differ([text], rival.format, best.format)) ?? others[0];
  throw new RangeError(
    `"${example}" can be read as ${best.format} and as ${rival.format}, and ${telling(texts.length)} which is meant: ` +
      `say "date_format": "${best.format}" or "date_format": "${rival.format}" in a mapping`,
  );
}

function telling(dates: number): string {
  return dates === 1 ? 'one date does not tell' : `the first ${dates} dates do not tell`;
}

function share(texts: readonly string[], format: string): number {
  const read = instantFormatted(format);
  return texts.filter((text) => !isFault(read(text))).length;
}

function differ(texts: readonly string[], one: string, other: string): boolean {
  const [first, second] = [instantFormatted(one), instantFormatted(other)];
  return texts.some((text) => {
    const [a, b] = [first(text), second(text)];
    return !isFault(a) && !isFault(b) && a !== b;
  });
}
