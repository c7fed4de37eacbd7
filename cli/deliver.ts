import type { Command } from 'commander';
import type { Context } from '../pipelines/index.ts';
import { deliverDue } from '../serve/index.ts';
import { problem } from '../store/index.ts';
import type { Config } from './config.ts';
import type { Session } from './session.ts';

/** `deliver`: one round through the outbox. */
export function deliverVerb(program: Command, session: Session): void {
  program
    .command('deliver')
    .description('bring the messages that wait in the outbox to their receiver')
    .action(async () => {
      requireSecret(session.config());
      await session.withStore(async (context, config) => {
        const delivered = await deliver(session, context, config);
        if (session.output.format === 'json') session.output.json({ delivered });
        else if (session.output.format === 'csv') session.output.csv(['delivered'], [[delivered]]);
        else session.output.print(`${delivered} delivered.`);
      });
    });
}

/** @throws a problem `USAGE` when nothing could be signed */
export function requireSecret({ webhookSecret }: Config): string {
  if (webhookSecret === undefined) {
    throw problem(
      'USAGE',
      'Messages are signed: set PARTNERCAST_WEBHOOK_SECRET to the base64 secret that the receiver has, too.',
    );
  }
  return webhookSecret;
}

/** Brings what is due to its receiver; returns how many were delivered. */
export function deliver(session: Session, context: Context, config: Config): Promise<number> {
  return deliverDue(context.database, {
    secret: requireSecret(config),
    allowPrivate: config.settings.webhook_allow_private,
    clock: session.clock,
    told(delivery, problem) {
      if (problem !== null)
        session.output.say(`Nudge ${delivery.nudgeId} was not delivered (attempt ${delivery.attempts}): ${problem}.`);
    },
  });
}
