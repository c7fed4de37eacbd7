import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problem.ts';

/**
 * Lets a form through only when a page of ours sent it: browsers say where a request comes from, and no page can make
 * them lie. A request that says nothing is refused.
 */
export async function requireSameOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (isFromHere(request)) return undefined;
  return sendProblem(
    reply,
    403,
    'This form was not sent from a page of this server. Open the page again and try there.',
  );
}

function isFromHere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
