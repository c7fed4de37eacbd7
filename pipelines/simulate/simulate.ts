import { openFiles } from './files.ts';
import { partnerRows } from './partner-records.ts';
import { programRows } from './program-records.ts';
import { type Territory, territoryFor } from './territory.ts';
import { makeWorld, type WorldSettings } from './world.ts';

/** How much was written. */
export interface WorldSummary {
  partners: number;
  events: number;
  /** Rows by file, headers aside; a deal has a row for each version. */
  rows: Record<string, number>;
}

/**
 * Writes the exports of a made-up partner program, and beside them, in `truth/`, what is true of it and no product
 * may read. The same settings give the same bytes on every machine: what is drawn is whole numbers or is rounded far
 * above the last bit. Partner by partner: memory does not grow with their number.
 */
export async function simulate(
  settings: WorldSettings,
  directory: string,
  progress?: (partner: number) => void,
): Promise<WorldSummary> {
  const world = makeWorld(settings);
  const files = openFiles(directory);
  await files.write(programRows(world));
  let territory: Territory | undefined;
  for (let n = 0; n < settings.partners; n++) {
    territory = territoryFor(n, territory);
    await files.write(partnerRows(n, territory, world));
    progress?.(n + 1);
  }
  await files.close();
  return { partners: settings.partners, events: files.counts['events.csv'], rows: files.counts };
}
