import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domainOf, plainName } from '../../insights/company-index.ts';
import { companyIndex, type NamedCompany } from '../../insights/index.ts';

const company = (name: string, website: string | null = null, country: string | null = null): NamedCompany => ({
  name,
  website,
  country,
});

/** By what a company is found to be another; null where it is not. */
function sameBy(one: NamedCompany, other: NamedCompany): string | null {
  const index = companyIndex<string>();
  index.add({ ...one, who: 'one' });
  return index.find(other)?.by ?? null;
}

describe('the plain name of a company', () => {
  it.each([
    ['Müller & Söhne GmbH & Co. KG', 'mullerandsohne'],
    ['Muller and Sohne', 'mullerandsohne'],
    ['Blue Peak B.V.', 'bluepeak'],
    ['BLUEPEAK', 'bluepeak'],
    ['Société Générale S.A.R.L.', 'societegenerale'],
    ['Zakład Sp. z o.o.', 'zaklad'],
    ['Kestrel Co., Ltd.', 'kestrel'],
    ["O'Neill Pty Ltd", 'oneill'],
    ['Straße AG', 'strasse'],
    ['日本電気 K.K.', '日本電気'],
    ['Limited', 'limited'],
    ['Alder 3 Inc.', 'alder3'],
    ['!!!', ''],
  ])('%s is %s', (name, plain) => {
    expect(plainName(name)).toBe(plain);
  });

  it('stays as it is when it is made plain again, and never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const plain = plainName(name);
        expect(plain).toMatch(/^[\p{L}\p{N}]*$/u);
      }),
    );
  });
});

describe('the domain of a website', () => {
  it.each([
    ['https://www.Acme.com:443/de?x=1#y', 'acme.com'],
    ['acme.com', 'acme.com'],
    ['http://user:secret@shop.acme.co.uk./', 'shop.acme.co.uk'],
    ['https://www.linkedin.com/company/acme', null],
    ['acme.wordpress.com', null],
    ['localhost', null],
    ['', null],
    ['n/a', null],
  ])('of %j is %j', (website, domain) => {
    expect(domainOf(website)).toBe(domain);
  });
});

describe('two companies are the same', () => {
  it.each([
    ['by website', company('Acme', 'acme.com'), company('Something else', 'https://www.acme.com/en'), 'website'],
    ['by name', company('Acme GmbH', 'acme.de', 'DE'), company('ACME', 'acme.com', 'DE'), 'name'],
    ['by name, country unknown', company('Acme GmbH', null, 'DE'), company('Acme'), 'name'],
    ['by spelling', company('Nordwind Systems', null, 'DE'), company('Nordwind System', null, 'DE'), 'spelling'],
    ['by its end', company('Nordwind Systems', null, 'DE'), company('Mordwind Systems', null, 'DE'), 'spelling'],
    ['not in another country', company('Acme Inc.', null, 'US'), company('Acme', null, 'DE'), null],
    [
      'not near in another country',
      company('Nordwind Systems', null, 'DE'),
      company('Nordwind System', null, 'NL'),
      null,
    ],
    [
      'not near with another site',
      company('Nordwind Systems', 'a.com', 'DE'),
      company('Nordwind System', 'b.com', 'DE'),
      null,
    ],
    ['not by another number', company('Nordwind 2', null, 'DE'), company('Nordwind 3', null, 'DE'), null],
    ['not short ones', company('Amber', null, 'DE'), company('Umber', null, 'DE'), null],
    ['not by nothing', company('!!!', null, 'DE'), company('???', null, 'DE'), null],
    ['not two letters off', company('Nordwind AB', null, 'DE'), company('Nortwint', null, 'DE'), null],
    [
      'two letters in a long name',
      company('Nordwind Integrators', null, 'DE'),
      company('Nortwint Integrators', null, 'DE'),
      'spelling',
    ],
  ])('%s', (_, one, other, by) => {
    expect(sameBy(one, other)).toBe(by);
  });

  it('whichever of them is there first', () => {
    const name = fc.stringMatching(/^[A-Za-z ]{1,20}( GmbH| Ltd)?$/);
    const any = fc.record({
      name,
      website: fc.option(fc.constantFrom('a.com', 'b.com')),
      country: fc.option(fc.constantFrom('DE', 'US')),
    });
    fc.assert(
      fc.property(any, any, (one, other) => {
        expect(sameBy(one, other)).toBe(sameBy(other, one));
      }),
    );
  });

  it('a company is itself under any writing of its name', () => {
    const nameOf = fc.stringMatching(/^[A-Z][a-z]{3,12} [A-Z][a-z]{3,12}$/);
    fc.assert(
      fc.property(nameOf, fc.constantFrom('', ' Ltd', ' GmbH & Co. KG', ', Inc.'), (name, form) => {
        expect(sameBy(company(name, null, 'DE'), company(`${name.toUpperCase()}${form}`, null, 'DE'))).not.toBeNull();
      }),
    );
  });

  it('a look-up costs the same however many there are', () => {
    const index = companyIndex<number>();
    const from = process.cpuUsage();
    // All of one country, with one beginning: the worst that blocks can be.
    for (let i = 0; i < 50_000; i++) index.add({ ...company(`Nordwind ${letters(i)}`, null, 'DE'), who: i });
    for (let i = 0; i < 50_000; i++) index.find(company(`Nordwind ${letters(i)}x`, null, 'DE'));
    const { user, system } = process.cpuUsage(from);
    // All pairs would take hours.
    expect((user + system) / 1e6).toBeLessThan(20);
    expect(index.find(company(`NORDWIND ${letters(49_999)} GmbH`, null, 'DE'))?.is.who).toBe(49_999);
  }, 60_000);
});

/** A word for a number, different for each. */
function letters(number: number): string {
  return Array.from(number.toString(26), (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join('');
}
