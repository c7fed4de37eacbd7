import { existsSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { nearest, type Settings, settingsSchema } from '../pipelines/index.ts';
import { problem } from '../store/index.ts';

/** A setting and where it came from. */
export interface Explained {
  key: string;
  value: unknown;
  /** `default`, `environment`, `flag`, or the file's name. */
  from: string;
}

/** Everything that is configured: what the program declares, and where this process works. */
export interface Config {
  settings: Settings;
  databaseUrl: string | undefined;
  /** Where the embedded store lives. */
  data: string;
  /** The key that signs webhooks; only from the environment, never from a file. */
  webhookSecret: string | undefined;
  /** The key that callers must show; needed to listen on anything but this machine. */
  apiKey: string | undefined;
  explained: Explained[];
}

const FILE = 'partnercast.config.json';
const PREFIX = 'PARTNERCAST_';
const DATA = './.partnercast';
/** Variables that are no settings of the program. */
const OTHER = { data: 'PARTNERCAST_DATA', webhookSecret: 'PARTNERCAST_WEBHOOK_SECRET', apiKey: 'PARTNERCAST_API_KEY' };

/**
 * Puts the configuration together: defaults < file < environment < flags.
 * @param flags `config` another file than `partnercast.config.json`, `data` where the embedded store lives
 * @throws a problem `USAGE` naming the key at fault, where it stands and the nearest valid one
 */
export function loadConfig(flags: { config?: string; data?: string }, environment: NodeJS.ProcessEnv): Config {
  const fromFile = readConfigFile(flags.config);
  const fromEnvironment = readEnvironment(environment);
  const file = flags.config ?? FILE;
  const settings = validate({ ...fromFile, ...fromEnvironment }, fromEnvironment, file);
  const explained: Explained[] = Object.entries(settings).map(([key, value]) => ({
    key,
    value,
    from: key in fromEnvironment ? 'environment' : key in fromFile ? file : 'default',
  }));
  const data = flags.data ?? (environment[OTHER.data] || DATA);
  explained.push(
    { key: 'data', value: data, from: flags.data ? 'flag' : environment[OTHER.data] ? 'environment' : 'default' },
    // Addresses may hold a password, keys are secrets: that they are set is all to be shown.
    { key: 'DATABASE_URL', value: shown(environment['DATABASE_URL']), from: whence(environment['DATABASE_URL']) },
    {
      key: OTHER.webhookSecret,
      value: shown(environment[OTHER.webhookSecret]),
      from: whence(environment[OTHER.webhookSecret]),
    },
    { key: OTHER.apiKey, value: shown(environment[OTHER.apiKey]), from: whence(environment[OTHER.apiKey]) },
  );
  return {
    settings,
    databaseUrl: environment['DATABASE_URL'] || undefined,
    data,
    webhookSecret: environment[OTHER.webhookSecret] || undefined,
    apiKey: environment[OTHER.apiKey] || undefined,
    explained,
  };
}

function shown(secret: string | undefined): string {
  return secret ? '(set)' : '(not set)';
}

function whence(secret: string | undefined): Explained['from'] {
  return secret ? 'environment' : 'default';
}

function readConfigFile(path: string | undefined): Record<string, unknown> {
  const file = path ?? FILE;
  if (path === undefined && !existsSync(file)) return {};
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('it is not a JSON object');
    return json as Record<string, unknown>;
  } catch (error) {
    throw problem('USAGE', `${file} cannot be read: ${(error as Error).message}.`);
  }
}

/** `PARTNERCAST_TEAM_CAPACITY=20` is `team_capacity: 20`; values are JSON where they parse, text otherwise. */
function readEnvironment(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const others: readonly string[] = Object.values(OTHER);
  const settings: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || others.includes(name) || text === undefined) continue;
    settings[name.slice(PREFIX.length).toLowerCase()] = parse(text);
  }
  return settings;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function validate(declared: Record<string, unknown>, environment: Record<string, unknown>, file: string): Settings {
  const parsed = settingsSchema.safeParse(declared);
  if (parsed.success) return parsed.data;
  const known = Object.keys(settingsSchema.shape);
  const where = (key: string) => (key in environment ? `environment ${PREFIX}${key.toUpperCase()}` : file);
  const clauses = parsed.error.issues.map((issue: z.core.$ZodIssue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${where(key)}: there is no setting "${key}"${nearest(key, known)}`).join('; ');
    }
    const [key, ...rest] = issue.path.map(String);
    return `${where(key)}: ${[key, ...rest].join('.')}: ${issue.message}`;
  });
  throw problem('USAGE', `${clauses.join('; ')}.`);
}
