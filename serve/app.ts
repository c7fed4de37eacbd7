import { createHash, timingSafeEqual } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import underPressure from '@fastify/under-pressure';
import Fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { consoleRoutes } from './console/console.tsx';
import { modelPages } from './console/models.tsx';
import { onError, sendProblem } from './problem.ts';
import { routes } from './routes/index.ts';
import type { App, Served } from './routes/route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a key: health checks. */
    public?: boolean;
  }
}

/** How the server stands in the world. */
export interface AppSettings {
  /** Callers must show this key; undefined lets anyone in who reaches the server. */
  apiKey: string | undefined;
  /** Whether only names of this machine are answered, so that no web page can reach in by DNS rebinding. */
  localOnly: boolean;
  logger: FastifyBaseLogger | undefined;
  /** Shown in the API's description. */
  version: string;
}

const REQUESTS_PER_MINUTE = 600;
const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Builds the API and the console over a store; it is listening only after `listen`. */
export async function buildApp(served: Served, settings: AppSettings): Promise<App> {
  const app = Fastify({
    ...(settings.logger ? { loggerInstance: settings.logger } : {}),
    // Slow senders of headers are cut off.
    http: { connectionsCheckingInterval: 2000, headersTimeout: 5000, requestTimeout: 10_000 },
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 2048 },
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, error.statusCode ?? 400, error.message);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(onError);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 404, `There is nothing at ${request.method} ${request.url.split('?')[0]}.`),
  );
  if (settings.localOnly) app.addHook('onRequest', requireLocalName);
  await app.register(rateLimit, { max: REQUESTS_PER_MINUTE, timeWindow: '1 minute' });
  if (settings.apiKey !== undefined) app.addHook('onRequest', requireKey(settings.apiKey));
  await app.register(underPressure, { maxEventLoopDelay: 20_000, exposeStatusRoute: false });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Without, browsers say that forms of our own pages come from nowhere.
    referrerPolicy: { policy: 'same-origin' },
    // Plain HTTP on this machine is the default; behind TLS the proxy sets it.
    strictTransportSecurity: false,
  });
  await describe(app, settings.version);
  for (const route of routes) route(app, served);
  consoleRoutes(app, served);
  modelPages(app, served);
  return app;
}

async function describe(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'partnercast',
        version,
        description: 'Which partners are about to leave, why, and what to do. Errors are RFC 9457 problems.',
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_CSP });
}

/** The API's description draws itself with inline styles; scripts are only its own. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

async function requireLocalName(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
  if (LOCAL_NAMES.has(name)) return undefined;
  return sendProblem(reply, 421, `This server answers to localhost only, not to "${name}".`);
}

/** `Authorization: Bearer KEY` for machines; Basic with the key as password for browsers, which ask for it. */
function requireKey(key: string) {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(key);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (request.routeOptions.config.public) return undefined;
    if (timingSafeEqual(digest(shownKey(request.headers.authorization ?? '')), wanted)) return undefined;
    reply.header('www-authenticate', 'Basic realm="partnercast", charset="UTF-8"');
    return sendProblem(
      reply,
      401,
      'A key is needed: send it as "Authorization: Bearer KEY", or as the password of Basic authentication.',
    );
  };
}

function shownKey(header: string): string {
  const [, scheme = '', credentials = ''] = /^(\S+) +(.*)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return '';
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}
