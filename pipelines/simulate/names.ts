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
