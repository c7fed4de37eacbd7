import { defineConfig } from 'vitest/config';
import everyTest from '../../vitest.config.ts';

/** The setting of all tests with one that fails: a package that ends the process with 0 would make every run green. */
export default defineConfig({ test: { ...everyTest.test, include: ['test/canary/failing.ts'] } });
