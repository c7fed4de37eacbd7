import { readdirSync } from 'node:fs';
import type { Described } from '../../features/index.ts';

const FOLDER = new URL('../../features/groups/', import.meta.url);

/** Every group of features, by the file that defines it, with the names of its features. */
export const featureGroups: readonly { group: string; names: ReadonlySet<string> }[] = await Promise.all(
  readdirSync(FOLDER).map(async (file) => {
    const exported = Object.values(await import(new URL(file, FOLDER).href)) as unknown[];
    const features = exported.filter(Array.isArray).flat() as Described[];
    return { group: file.replace(/\.ts$/, ''), names: new Set(features.map(({ name }) => name)) };
  }),
);
