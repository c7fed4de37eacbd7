import {
  type Agreement,
  type AttributeVersion,
  DAY,
  DEFAULT_QUALIFYING_KINDS,
  type EventColumns,
  type Instant,
  type Profile,
  type Program,
} from '../../features/index.ts';
import { seeded } from '../../models/index.ts';
import { columnsOf, rowsOf, type SomeEvent } from './facts.ts';
import type { ListedPartner } from './slow-history.ts';

/** Partners with what they did and what is known of them besides. */
export interface World {
  events: Record<string, SomeEvent[]>;
  profiles: Record<string, Profile>;
}

/** Every kind of event that a feature asks about. */
export const KINDS = [
  'deal.registered',
  'deal.approved',
  'deal.rejected',
  'deal.won',
  'deal.lost',
  'lead.accepted',
  'lead.converted',
  'order.placed',
  'portal.login',
  'content.viewed',
  'training.completed',
  'certification.earned',
  'certification.expired',
  'mdf.requested',
  'mdf.approved',
  'mdf.claimed',
  'campaign.launched',
  'meeting.held',
  'demo.requested',
  'support.opened',
  'survey.sent',
  'survey.answered',
] as const;

/** What partners do besides deals, each as often as it stands here. */
const ALONE = [
  ...KINDS.slice(5),
  ...['portal.login', 'portal.login', 'order.placed', 'survey.answered', 'lead.accepted'],
  ...['training.completed', 'certification.earned', 'meeting.held'],
];
const YEARS = 3;

export const columnsIn = ({ events, profiles }: World): EventColumns => columnsOf(events, profiles);

/** The same as plain lists. */
export function listsIn({ events, profiles }: World): ListedPartner[] {
  return Object.entries(events).map(([id, own]) => ({ id, rows: rowsOf(own), profile: profiles[id] }));
}

/** A program that has tracked every kind since so many days before an instant, as it was known since. */
export function programTracking(end: Instant, days = 5 * 365): Program {
  const since = end - days * DAY;
  return {
    qualifyingKinds: new Set(DEFAULT_QUALIFYING_KINDS),
    reportingCurrency: 'USD',
    tracking: KINDS.map((kind) => ({ kind, knownBy: since, since })),
  };
}

/**
 * Made-up partners in the three years before a moment: all kinds of events, deals through their stages, several
 * currencies; records late by up to two months, and corrected; agreements and attributes that change.
 * @param sizes about how many events each partner has; 0 is a partner that did nothing and of which nothing is known
 */
export function livelyWorld(sizes: readonly number[], end: Instant, seed: number): World {
  const draw = new Draw(end, seed);
  const world: World = { events: {}, profiles: {} };
  sizes.forEach((size, p) => {
    const id = `p${String(p).padStart(4, '0')}`;
    world.events[id] = size === 0 ? [] : draw.events(size, id);
    world.profiles[id] = size === 0 ? { signed: [], agreements: [], attributes: [] } : draw.profile();
  });
  return world;
}

class Draw {
  readonly #random: () => number;
  readonly #end: Instant;

  constructor(end: Instant, seed: number) {
    this.#random = seeded(seed);
    this.#end = end;
  }

  #upTo(most: number): number {
    return Math.floor(most * this.#random());
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[this.#upTo(choices.length)];
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  /** An instant of the three years, at midnight now and then. */
  #moment(): Instant {
    const midnight = this.#end - (1 + this.#upTo(YEARS * 365)) * DAY;
    return midnight + (this.#chance(0.2) ? 0 : this.#upTo(DAY));
  }

  events(size: number, partner: string): SomeEvent[] {
    const people = Math.ceil(Math.sqrt(size) / 2);
    const events: SomeEvent[] = [];
    while (events.length < size) {
      const some = this.#chance(0.25) ? this.#deal(`${partner}-${events.length}`, people) : [this.#event(people)];
      for (const event of some) events.push(...this.#versions(event));
    }
    return events;
  }

  #event(people: number): SomeEvent {
    const kind = this.#oneOf(ALONE);
    return { at: this.#moment(), kind, ...this.#named(people), ...this.#valueOf(kind) };
  }

  #named(people: number): Partial<SomeEvent> {
    return {
      contactId: this.#chance(0.2) ? null : `c${this.#upTo(people)}`,
      product: this.#chance(0.3) ? null : `x${this.#upTo(6)}`,
      accountId: this.#chance(0.5) ? null : `a${this.#upTo(9)}`,
    };
  }

  #valueOf(kind: string): Partial<SomeEvent> {
    if (kind === 'survey.answered') return { value: this.#upTo(21) / 2 };
    if (kind === 'training.completed') return { value: this.#chance(0.3) ? null : this.#upTo(1000) / 10 };
    if (kind === 'order.placed' || kind.startsWith('mdf.')) return this.#money();
    return {};
  }

  /** Mostly in the reporting currency, now and then in another or missing. */
  #money(): Partial<SomeEvent> {
    if (this.#chance(0.02)) return { value: null, currency: 'USD' };
    return { value: 100 * this.#upTo(5000), currency: this.#chance(0.02) ? this.#oneOf(['EUR', 'JPY']) : 'USD' };
  }

  #deal(dealId: string, people: number): SomeEvent[] {
    const common = { ...this.#named(people), ...this.#money(), dealId };
    const registered = this.#moment();
    const decided = registered + this.#upTo(30 * DAY);
    const closed = decided + this.#upTo(200 * DAY);
    const stages: SomeEvent[] = [{ ...common, at: registered, kind: 'deal.registered' }];
    const isApproved = this.#chance(0.8);
    if (this.#chance(0.7))
      stages.push({ ...common, at: decided, kind: isApproved ? 'deal.approved' : 'deal.rejected' });
    if (isApproved && this.#chance(0.7)) {
      stages.push({ ...common, ...this.#money(), at: closed, kind: this.#oneOf(['deal.won', 'deal.lost']) });
    }
    return stages.filter(({ at }) => Number(at) < this.#end);
  }

  /** An event as it became known: late now and then, and corrected up to three times. */
  #versions(event: SomeEvent): SomeEvent[] {
    const known = Number(event.at) + (this.#chance(0.2) ? this.#upTo(60 * DAY) : 0);
    const versions = [{ ...event, known, replacedAt: Number.POSITIVE_INFINITY }];
    while (versions.length < 4 && this.#chance(0.08)) {
      const last = versions[versions.length - 1];
      const replacedAt = last.known + 1 + this.#upTo(90 * DAY);
      versions[versions.length - 1] = { ...last, replacedAt };
      const at = this.#chance(0.5) ? Number(last.at) : Number(last.at) - this.#upTo(40 * DAY);
      versions.push({ ...last, at, known: replacedAt, replacedAt: Number.POSITIVE_INFINITY, contactId: 'corrected' });
    }
    return versions;
  }

  profile(): Profile {
    const begun = this.#midnight(4 * 365);
    return {
      signed: [
        { at: begun, knownAt: begun + DAY },
        ...(this.#chance(0.2) ? [{ at: begun - 30 * DAY, knownAt: this.#midnight(700) }] : []),
      ],
      agreements: ['first', 'second'].slice(0, this.#upTo(3)).flatMap((id) => this.#agreement(id)),
      attributes: this.#attributes(begun).sort((a, b) => a.knownAt - b.knownAt),
    };
  }

  #midnight(days: number): Instant {
    return this.#end - (1 + this.#upTo(days)) * DAY;
  }

  #agreement(id: string): Agreement[] {
    const startsOn = this.#midnight(900);
    const first: Agreement = {
      id,
      startsOn,
      renewsOn: this.#chance(0.2) ? null : startsOn + this.#oneOf([365, 730, 1095]) * DAY,
      noticeDays: this.#chance(0.3) ? null : this.#oneOf([30, 60, 90]),
      endedOn: null,
      endReason: null,
      knownAt: startsOn + this.#upTo(90) * DAY,
    };
    if (!this.#chance(0.3)) return [first];
    const knownAt = first.knownAt + this.#upTo(600) * DAY;
    return [first, { ...first, endedOn: knownAt + (this.#upTo(200) - 100) * DAY, endReason: 'partner', knownAt }];
  }

  #attributes(begun: Instant): AttributeVersion[] {
    const once = { type: ['reseller', 'referral'], region: ['EMEA'], capacity: ['1', '2.5', '40', 'some'] };
    const often = { tier: ['gold', 'silver', null], owner: ['ann', 'bob', 'cid'], employees: ['12', '250', '7000'] };
    const technologies = ['SAP', 'SAP; Oracle', 'SAP;sap;Salesforce', ''];
    const from = (attribute: string, values: readonly (string | null)[], validFrom: Instant): AttributeVersion => ({
      attribute,
      value: this.#oneOf(values),
      validFrom,
      knownAt: validFrom + (this.#chance(0.3) ? this.#upTo(200) * DAY : 0),
    });
    return [
      ...Object.entries(once).map(([attribute, values]) => from(attribute, values, begun)),
      ...Object.entries({ ...often, technologies }).flatMap(([attribute, values]) => [
        from(attribute, values, begun),
        ...Array.from({ length: this.#upTo(6) }, () => from(attribute, values, this.#midnight(800))),
      ]),
    ];
  }
}
