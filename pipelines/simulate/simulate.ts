import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { addMonths, formatDay, type Instant } from '../../features/index.ts';
import { seeded, seedFor } from '../../models/index.ts';
import { agreementVersions, events } from './facts.ts';
import { live, trueHazard } from './life.ts';
import { drawTraits, type Traits } from './traits.ts';

/** Which world to make. */
export interface WorldSettings {
  partners: number;
  months: number;
  seed: number;
  /** The first day that is not in the world any more; the exports are those of that midnight. */
  end: Instant;
}

/** How much was written. */
export interface WorldSummary {
  partners: number;
  events: number;
}

const CURRENCY = 'USD';
const HEADERS = {
  'partners.csv': 'partner_id,name,type,country,region,industry,employees,tier,owner,signed_on,known_at',
  'agreements.csv': 'agreement_id,partner_id,program,starts_on,renews_on,ended_on,end_reason,known_at',
  'events.csv': 'event_id,partner_id,kind,happened_at,known_at,contact_id,account_id,deal_id,product,value,currency',
  'truth/partners.csv': 'partner_id,cutoff,true_hazard_90',
};

/**
 * Writes the exports of a made-up partner program, and beside them, in `truth/`, what is true of it and no product
 * may read. The same settings give the same bytes. Partner by partner: memory does not grow with their number.
 */
export async function simulate(
  settings: WorldSettings,
  directory: string,
  progress?: (partner: number) => void,
): Promise<WorldSummary> {
  mkdirSync(join(directory, 'truth'), { recursive: true });
  const files = Object.entries(HEADERS).map(([name, header]) => {
    const stream = createWriteStream(join(directory, name));
    stream.write(`${header}\n`);
    return stream;
  });
  let written = 0;
  for (let n = 0; n < settings.partners; n++) {
    const rows = partnerRows(n, settings);
    written += rows[2].length;
    for (const [i, stream] of files.entries()) await write(stream, rows[i]);
    progress?.(n + 1);
  }
  for (const stream of files) {
    stream.end();
    await finished(stream);
  }
  return { partners: settings.partners, events: written };
}

async function write(stream: WriteStream, rows: readonly unknown[][]): Promise<void> {
  if (rows.length > 0 && !stream.write(stringify(rows as unknown[][]))) await once(stream, 'drain');
}

/** One partner's rows for each file, in the order of `HEADERS`. Every partner has its own stream of chance. */
function partnerRows(n: number, { months, seed, end }: WorldSettings): unknown[][][] {
  const random = seeded(seedFor(seed, `partner ${n}`));
  const start = addMonths(end, -months);
  const traits = drawTraits(n, start, months, random);
  const life = live(traits, start, months, random);
  const happened = events(traits, life, start, end, random).sort((a, b) => a.happenedAt - b.happenedAt);
  const truth = life
    .slice(1)
    .map((month, i) => [traits.id, formatDay(month.start), trueHazard(traits, life[i], month.start).toFixed(6)]);
  return [
    [partnerRow(traits)],
    agreementVersions(traits, life, end, random).map(({ knownAt, renewsOn, endedOn, endReason }) => [
      `G-${traits.id}`,
      traits.id,
      'Partner Program',
      formatDay(traits.signedOn),
      formatDay(renewsOn),
      endedOn === null ? '' : formatDay(endedOn),
      endReason ?? '',
      stamp(knownAt),
    ]),
    happened.map((event, i) => [
      `E-${traits.id}-${i + 1}`,
      traits.id,
      event.kind,
      stamp(event.happenedAt),
      stamp(event.knownAt),
      event.contact === null ? '' : `C-${traits.id}-${event.contact + 1}`,
      event.account ?? '',
      event.deal ?? '',
      event.product ?? '',
      event.valueMinor ?? '',
      event.valueMinor === null ? '' : CURRENCY,
    ]),
    truth,
  ];
}

function partnerRow(traits: Traits): unknown[] {
  const { id, name, type, country, region, industry, employees, tier, owner, signedOn } = traits;
  return [id, name, type, country, region, industry, employees, tier, owner, formatDay(signedOn), stamp(signedOn)];
}

function stamp(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
