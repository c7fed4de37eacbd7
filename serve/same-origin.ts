import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem.ts';

/**
 * Forms may be sent by our own pages only: a page of somebody else that a person has open could send one in its name.
 * Browsers say with every POST where it comes from; what is no browser does not, and needs no such protection.
 */
export async function requireSameOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { origin, host } = request.headers;
  const from = request.headers['sec-fetch-site'];
  if (isOwn(origin, host) && (from === undefined || from === 'same-origin')) return undefined;
  return sendProblem(reply, 403, 'This form was sent by another site; open the page here and send it again.');
}

function isOwn(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
