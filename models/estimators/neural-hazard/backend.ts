import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The tensor library, with a backend that computes. */
export type Tensors = typeof import('@tensorflow/tfjs-core');

/** What can compute tensors. */
export interface Backend {
  /** The name under which it registers itself. */
  name: string;
  /** The package that brings it. */
  from: string;
  /** Brings it; null where its package is not installed. */
  load(): Promise<unknown> | null;
}

const NATIVE = '@tensorflow/tfjs-node';

/** TensorFlow's own library, where the user has installed it. */
const native: Backend = {
  name: 'tensorflow',
  from: NATIVE,
  load() {
    const entry = installed(NATIVE);
    return entry === null ? null : import(pathToFileURL(entry).href);
  },
};

/** WebAssembly on one thread: the same everywhere, to the bit. */
const wasm: Backend = {
  name: 'wasm',
  from: '@tensorflow/tfjs-backend-wasm',
  load: () => import('@tensorflow/tfjs-backend-wasm'),
};

/**
 * The tensor library on the first backend that is installed. It is only loaded here, by whoever learns: nobody else
 * pays for it.
 * @throws Error when a backend is installed and does not work, saying which and what to do
 */
export async function tensorsOn(backends: readonly Backend[] = [native, wasm]): Promise<Tensors> {
  const tensors = await import('@tensorflow/tfjs-core');
  for (const backend of backends) {
    const loading = backend.load();
    if (loading === null) continue;
    await started(tensors, backend, loading);
    return tensors;
  }
  throw new Error(`none of ${backends.map(({ from }) => from).join(', ')} is installed: install one to learn`);
}

async function started(tensors: Tensors, { name, from }: Backend, loading: Promise<unknown>): Promise<void> {
  const cause = await withoutListening(async () => {
    await loading;
    return (await tensors.setBackend(name)) ? null : new Error(`there is no backend "${name}" in it`);
  }).catch((error: unknown) => error);
  if (cause === null) return;
  // What follows the first line is a path of requires.
  const [found] = String(cause instanceof Error ? cause.message : cause).split('\n');
  throw new Error(`${from} is installed and does not work: ${found}. Install it again, or remove it.`, { cause });
}

/** Where a package begins; null when it is not installed. */
function installed(name: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

const FATAL = ['uncaughtException', 'unhandledRejection'] as const;

/** The WebAssembly module takes the errors of the whole process upon itself, and tells them badly: they are taken back. */
async function withoutListening<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = FATAL.map((event) => process.rawListeners(event));
  try {
    return await work();
  } finally {
    FATAL.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[i].includes(listener)) process.removeListener(event, listener as () => void);
      }
    });
  }
}
