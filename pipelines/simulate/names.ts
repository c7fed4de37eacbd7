/** Words that made-up companies and people are called by. */
const FIRST = (
  'Alder Amber Anchor Arbor Argent Aspen Atlas Aurora Beacon Birch Bluepeak Bright Brook Castellan Cedar Cobalt Copper ' +
  'Coral Crest Delta Ember Evergreen Falcon Fern Garnet Granite Halcyon Harbor Hazel Heron Horizon Iris Ivory Juniper ' +
  'Kestrel Lantern Larch Linden Lumen Maple Meridian Meadow Mistral Northwind Oak Onyx Orchard Osprey Pioneer Quartz ' +
  'Ridge River Rowan Sable Sierra Silver Slate Solstice Sterling Stone Summit Tidewater Umber Vale Vector Verdant Vista ' +
  'Willow Zephyr'
).split(' ');
const SECOND = (
  'Systems Networks Integrators Digital Cloud Consulting IT Solutions Partners Data Technologies Works Labs Services ' +
  'Software Security Group Analytics Platforms Collective'
).split(' ');
const OWNERS = [
  'Ana Duarte',
  'Ben Okafor',
  'Chloe Martin',
  'Dmitri Petrov',
  'Elif Kaya',
  'Farid Haddad',
  'Grace Lin',
  'Hugo Schmidt',
  'Ines Rossi',
  'Jonas Berg',
];

const THIRD = (
  'Bay Bridge Brook Canyon Cliff Coast Creek Dale Dawn Field Fjord Forest Gate Glen Grove Gulf Hall Harvest Hill Isle ' +
  'Lake Landing Light Mill Moor Mount Park Peak Plain Point Pond Port Reef Rock Sound Spring Tower Trail Valley View ' +
  'Wharf Wind Wood Yard'
).split(' ');
/** What an account is called last, and the industry that gives away. */
const LINES: readonly [industry: string, words: readonly string[]][] = [
  ['software', ['Software', 'Technologies', 'Apps']],
  ['finance', ['Bank', 'Insurance', 'Capital']],
  ['health', ['Pharma', 'Hospitals', 'Care']],
  ['retail', ['Foods', 'Fashion', 'Stores']],
  ['manufacturing', ['Manufacturing', 'Motors', 'Steel']],
  ['education', ['University', 'Schools', 'Learning']],
  ['public', ['Transit', 'Water', 'Housing']],
  ['telecom', ['Telecom', 'Mobile', 'International']],
];
const LAST = LINES.flatMap(([industry, words]) => words.map((word) => ({ industry, word })));
const PROSPECT_LAST = ['Consultants', 'Engineering', 'Advisory', 'Managed Services', 'Tech', 'Dynamics', 'Integration'];
export const GIVEN_NAMES = (
  'Ada Ali Amara Anton Bianca Carlos Chen Daria Diego Emma Femi Gita Hana Ivan Jana Kofi Lars Lea Luis Maya Mina Nadia ' +
  'Noor Olga Omar Paul Priya Rosa Sam Sofia Tariq Tom Uma Vera Wei Yara Yuki Zoe'
).split(' ');
export const FAMILY_NAMES = (
  'Abe Adler Bauer Costa Diallo Dupont Eriksen Fischer Garcia Gupta Hansen Ito Jansen Khan Kim Larsen Lopez Mbeki ' +
  'Moreau Novak Okoye Patel Quinn Reyes Sato Silva Singh Smith Tanaka Torres Weber Wong Young Zhang'
).split(' ');

/** The name of the n-th company, different for every n. */
export function companyName(n: number): string {
  const names = FIRST.length * SECOND.length;
  const round = Math.floor(n / names);
  // A step that shares no factor with the number of names visits each once, far from its neighbours.
  const place = (n * 787 + round) % names;
  const name = `${FIRST[place % FIRST.length]} ${SECOND[Math.floor(place / FIRST.length)]}`;
  return round === 0 ? name : `${name} ${round + 1}`;
}

/** One of a program's channel managers. */
export function ownerName(n: number): string {
  return OWNERS[n % OWNERS.length];
}

/** The name of the account of that number, different for every number, and the industry it is in. */
export function accountName(number: number): { name: string; industry: string } {
  const { first, third, rest } = placeOf(number);
  const { industry, word } = LAST[(number + rest) % LAST.length];
  const round = Math.floor(rest / LAST.length);
  return { name: `${first} ${third} ${word}${round === 0 ? '' : ` ${round + 1}`}`, industry };
}

/** The name of the prospect of that number, different for every number. */
export function prospectName(number: number): string {
  const { first, third, rest } = placeOf(number);
  const round = Math.floor(rest / PROSPECT_LAST.length);
  return `${first}${third.toLowerCase()} ${PROSPECT_LAST[(number + rest) % PROSPECT_LAST.length]}${round === 0 ? '' : ` ${round + 1}`}`;
}

function placeOf(number: number): { first: string; third: string; rest: number } {
  const pairs = FIRST.length * THIRD.length;
  const rest = Math.floor(number / pairs);
  const place = (number * 1009 + rest) % pairs;
  return { first: FIRST[place % FIRST.length], third: THIRD[Math.floor(place / FIRST.length)], rest };
}

/** The site of a company, in the top-level domain that is reserved for examples. */
export function websiteOf(name: string): string {
  return `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example`;
}
