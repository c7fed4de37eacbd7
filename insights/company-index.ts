import { distance } from 'fastest-levenshtein';

/** A company as a list names it; null is unknown. */
export interface NamedCompany {
  name: string;
  website: string | null;
  country: string | null;
}

/** What a company in the index is, beside how it is named. */
export interface Indexed<Who> extends NamedCompany {
  who: Who;
}

/** The company that another one is, under whatever spelling, and by what it shows. */
export interface Same<Who> {
  is: Indexed<Who>;
  by: 'website' | 'name' | 'spelling';
}

/** Companies that others are looked up among. */
export interface CompanyIndex<Who> {
  add(company: Indexed<Who>): void;
  /** Who a company is, the surest sign first; null where it is none of them. */
  find(company: NamedCompany): Same<Who> | null;
}

/** Names shorter than this are near each other by chance; from the second length on two letters may differ. */
const SHORTEST = 8;
const LONG = 14;
/** A block is compared no further than so many, so that a million look-ups stay a million. */
const MOST_IN_BLOCK = 200;
const BLOCK = 4;

/**
 * Begins an index of companies. Two are the same where their websites have one domain; where their names are equal
 * without case, accents, punctuation and legal forms, and their countries do not differ; or, where country is the same
 * and the websites do not differ, when their names differ by one letter (two in a long name) and no digit. Blocked by
 * country and either end of the name, so that a look-up costs the same however many there are.
 */
export function companyIndex<Who>(): CompanyIndex<Who> {
  const byDomain = new Map<string, Indexed<Who>>();
  const byName = new Map<string, Indexed<Who>[]>();
  const blocks = new Map<string, { key: string; company: Indexed<Who> }[]>();
  return {
    add(company) {
      const domain = domainOf(company.website);
      if (domain !== null && !byDomain.has(domain)) byDomain.set(domain, company);
      const key = plainName(company.name);
      if (key === '') return;
      push(byName, key, company);
      for (const block of blocksOf(key, company.country)) push(blocks, block, { key, company });
    },
    find(company) {
      const domain = domainOf(company.website);
      const sameSite = domain === null ? undefined : byDomain.get(domain);
      if (sameSite) return { is: sameSite, by: 'website' };
      const key = plainName(company.name);
      const sameName = byName.get(key)?.find(({ country }) => mayBeEqual(country, company.country));
      if (sameName) return { is: sameName, by: 'name' };
      for (const block of blocksOf(key, company.country)) {
        const near = blocks
          .get(block)
          ?.find((other) => isNear(key, other.key) && mayBeEqual(domain, domainOf(other.company.website)));
        if (near) return { is: near.company, by: 'spelling' };
      }
      return null;
    },
  };

  function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
    const values = map.get(key);
    if (values === undefined) map.set(key, [value]);
    else if (values.length < MOST_IN_BLOCK) values.push(value);
  }
}

/** Hosts where many companies have a page: the same host says nothing. */
const SHARED_HOSTS = new Set(
  (
    'facebook.com linkedin.com instagram.com twitter.com x.com youtube.com xing.com github.com github.io wordpress.com ' +
    'wixsite.com blogspot.com sites.google.com google.com gmail.com business.site medium.com'
  ).split(' '),
);

/** The domain of a website, as `acme.com` of `https://www.Acme.com:443/de`; null where it has none of its own. */
export function domainOf(website: string | null): string | null {
  if (website === null) return null;
  const host = website
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/:\d*$/, '')
    .replace(/^www\d?\./, '')
    .replace(/\.$/, '');
  const isShared = [...SHARED_HOSTS].some((shared) => host === shared || host.endsWith(`.${shared}`));
  return host.includes('.') && !isShared ? host : null;
}

/** Legal forms, as they stand at the end of a name once it is plain. */
const LEGAL_FORMS = new Set(
  (
    'ab ag aps as asa bhd bv bvba co company corp corporation cv eg eirl ev gbr gesmbh gmbh inc ' +
    'incorporated kft kg kgaa kk limited llc llp lp ltd ltda mbh nv og ohg oy oyj plc pte pty pvt sa sarl sas se sdn sl ' +
    'spa spzoo srl sro sprl ug und and'
  ).split(' '),
);
/** Letters that are no letter with an accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/**
 * A name as it is compared: lower case without accents, punctuation, spaces and legal forms at its end. Empty where
 * nothing of it is a letter or a digit; a name that is all legal forms stays as it is.
 */
export function plainName(name: string): string {
  const plain = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßøæœłđðþı]/g, (letter) => LETTERS[letter])
    // The dots of an abbreviation join it: B.V., S.A.R.L., sp. z o.o.
    .replace(/\bsp\.? ?z\.? ?o\.? ?o\b\.?/g, 'spzoo')
    .replace(/\b(\p{L})\.\s?(?=\p{L}\b)/gu, '$1')
    .replace(/[&+]/g, ' and ')
    .replace(/['’.]/g, '');
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  let end = words.length;
  while (end > 0 && LEGAL_FORMS.has(words[end - 1])) end--;
  return words.slice(0, end === 0 ? words.length : end).join('');
}

/** Where neither contradicts the other. */
function mayBeEqual(one: string | null, other: string | null): boolean {
  return one === null || other === null || one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Near spellings share one end of the name; without a country too many would be near. */
function blocksOf(key: string, country: string | null): string[] {
  if (country === null || key.length < SHORTEST) return [];
  const where = country.trim().toLowerCase();
  return [`${where}\n^${key.slice(0, BLOCK)}`, `${where}\n${key.slice(-BLOCK)}$`];
}

function isNear(one: string, other: string): boolean {
  const most = Math.min(one.length, other.length) >= LONG ? 2 : 1;
  if (Math.abs(one.length - other.length) > most || digitsOf(one) !== digitsOf(other)) return false;
  return distance(one, other) <= most;
}

/** Companies are numbered: the third is not the second misspelt. */
function digitsOf(name: string): string {
  return name.replace(/\P{N}+/gu, ' ');
}
