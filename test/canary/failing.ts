import { expect, it } from 'vitest';

it('fails, so that whoever runs it can tell that failures are seen', () => {
  expect('a failure').toBe('seen');
});
