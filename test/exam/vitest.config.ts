import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/exam/*.exam.ts'],
    globalSetup: ['test/helpers/built-product.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
