import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { useAgent } from 'request-filtering-agent';
import { Webhook } from 'standardwebhooks';
import { type Database, type Delivery, settleDelivery, takeDelivery } from '../store/index.ts';

/** How messages are brought to the receiver. */
export interface DeliverySettings {
  /** Signs every message (Standard Webhooks): base64, with or without the prefix `whsec_`. */
  secret: string;
  /** Whether the receiver may lie on this machine or in a private network. */
  allowPrivate: boolean;
  clock(): number;
  /** Told of every attempt. */
  told(delivery: Delivery, problem: string | null): void;
}

const TIMEOUT_MILLISECONDS = 15_000;
/** While one process tries, no other does; when it dies, another may after this long. */
const HOLD_MILLISECONDS = 60_000;
/** Waits between attempts, as Standard Webhooks suggests: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
const WAITS_SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/**
 * Brings every message that is due to its receiver, at least once; the id is the nudge's, so that a receiver can tell
 * a repeat. A receiver that fails is tried again later, ten times in all.
 * @returns how many were delivered
 */
export async function deliverDue(database: Database, settings: DeliverySettings): Promise<number> {
  let delivered = 0;
  for (;;) {
    const now = settings.clock();
    const delivery = await takeDelivery(database, new Date(now), new Date(now + HOLD_MILLISECONDS));
    if (!delivery) return delivered;
    const problem = await attempt(delivery, settings);
    if (problem === null) {
      await settleDelivery(database, delivery, { deliveredAt: new Date(settings.clock()) });
      delivered++;
    } else {
      const wait = WAITS_SECONDS[delivery.attempts - 1];
      const retryAt = wait === undefined ? null : new Date(settings.clock() + wait * 1000);
      await settleDelivery(database, delivery, { error: problem, retryAt });
    }
    settings.told(delivery, problem);
  }
}

/** Null when the receiver took it, else what went wrong. */
async function attempt(delivery: Delivery, settings: DeliverySettings): Promise<string | null> {
  try {
    const sentAt = new Date(settings.clock());
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(delivery.payload),
      'user-agent': 'partnercast',
      'webhook-id': delivery.nudgeId,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': new Webhook(settings.secret).sign(delivery.nudgeId, sentAt, delivery.payload),
    };
    const status = await post(delivery.endpoint, headers, delivery.payload, settings.allowPrivate);
    return status >= 200 && status < 300 ? null : `the receiver answered ${status}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Redirects are not followed; the status is all that is read. */
function post(
  url: string,
  headers: Record<string, string | number>,
  body: string,
  allowPrivate: boolean,
): Promise<number> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const agent = useAgent(url, { allowPrivateIPAddress: allowPrivate, allowMetaIPAddress: allowPrivate });
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      { method: 'POST', headers, agent, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
