import type { App } from '../routes/route.ts';
import { requireSameOrigin } from './same-origin.ts';

/**
 * Routes that take forms, from our own pages only. They are read here alone: the API outside takes JSON, which no page
 * elsewhere can send unasked.
 */
export function forms(app: App, add: (app: App) => void): void {
  app.register(async (scope: App) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.addHook('onRequest', requireSameOrigin);
    add(scope);
  });
}
