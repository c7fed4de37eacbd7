import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/postgres-server.ts', 'test/helpers/built-product.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: more workers only wait for each other.
    maxWorkers: 2,
    // Files share what they import: loading it anew for each took a tenth of the time. None of it keeps state but threads that wait.
    isolate: false,
  },
});
