import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** Answers with an RFC 9457 problem. */
export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body);
}

/** What went wrong in a request, without telling what is inside. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const clauses = error.validation.map(
      ({ instancePath, message }) =>
        `${instancePath.slice(1).replaceAll('/', '.') || error.validationContext}: ${message}`,
    );
    return sendProblem(reply, 400, `${clauses.join('; ')}.`);
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return sendProblem(reply, status, error.message);
  request.log.error(error);
  return sendProblem(
    reply,
    status,
    status === 503 ? 'Busy; try again shortly.' : 'Something went wrong here; the log says what.',
  );
}
