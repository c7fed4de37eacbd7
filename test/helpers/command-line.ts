import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** As in a clone: TypeScript. */
export const SOURCE = fileURLToPath(new URL('../../bin/partnercast.js', import.meta.url));
/** As it is published, where a test run has built it. */
const PRODUCT = process.env['PRODUCT_UNDER_TEST'] ?? SOURCE;

/** What a command came to. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Starts the command line as a process of its own.
 * @param options.from which one; as it is published unless told otherwise
 */
export function startCommand(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; from?: string },
): ChildProcess & { ended: Promise<Ended> } {
  const env = { ...process.env, DATABASE_URL: '', NO_COLOR: '1', ...options.env };
  const child = spawn(process.execPath, [options.from ?? PRODUCT, ...args], { cwd: options.cwd, env });
  const ended = new Promise<Ended>((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (piece) => {
      stdout += piece;
    });
    child.stderr.on('data', (piece) => {
      stderr += piece;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return Object.assign(child, { ended });
}

/** Runs the command line to its end. */
export function command(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; from?: string },
): Promise<Ended> {
  return startCommand(args, options).ended;
}
