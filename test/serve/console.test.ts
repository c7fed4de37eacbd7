import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scoringModels } from '../../models/index.ts';
import { type App, buildApp, cardAsFile, shownVersion } from '../../serve/index.ts';
import type { Database } from '../../store/index.ts';
import { findChromium, launchChromium } from '../helpers/browser.ts';
import { SCORED_AT, scoredStore } from '../helpers/scored-store.ts';
import { keepSomeIncidents, OF_PARTNER, OF_PROGRAM } from '../helpers/some-incidents.ts';
import { keepSomeResults } from '../helpers/some-results.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const chromium = findChromium();

if (!chromium) {
  const sentence =
    'No Chromium was found (Debian: apt-get install chromium; or name one in CHROMIUM), so the console was NOT tested in a browser.';
  it('the console is tested in a real browser', (context) => {
    if (process.env['CI']) throw new Error(sentence);
    process.stderr.write(`\n${sentence}\n\n`);
    context.skip(sentence);
  });
} else {
  describe('the console in a browser', () => {
    let app: App;
    let database: Database;
    let browser: Browser;
    let address: string;

    beforeAll(async () => {
      const settings = { apiKey: undefined, localOnly: true, logger: undefined, version: '0.0.0' };
      database = await scoredStore();
      await keepSomeIncidents(database);
      await keepSomeResults(database, SCORED_AT);
      app = await buildApp({ database, clock: () => SCORED_AT }, settings);
      address = await app.listen({ port: 0, host: '127.0.0.1' });
      browser = await launchChromium(chromium);
    }, 120_000);
    afterAll(async () => {
      await browser.close();
      await app.close();
    });

    async function open(
      path: string,
      options: Parameters<Browser['newContext']>[0] = {},
    ): Promise<Page & { complaints: string[] }> {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(address)) complaints.push(`talks to a stranger: ${request.url()}`);
      });
      await page.goto(address + path);
      return Object.assign(page, { complaints });
    }

    const pages = [
      '/risks',
      '/risks?show=all',
      '/partners/P00001',
      '/partners/nobody',
      '/risks?q=nobody-is-called-this',
      '/prospects',
      '/ipp',
      '/whitespace',
      '/risks/replay',
      '/risks/replay?date=2020-01-01',
      '/models',
      '/models/churn-risk',
      '/models/trajectory',
      '/models/nobody',
      '/incidents',
      '/incidents?show=all',
      `/incidents/${OF_PARTNER}`,
      `/incidents/${OF_PROGRAM}`,
    ];

    it.each(pages)('%s can be read by everyone, in light and dark', async (path) => {
      const page = await open(path, { bypassCSP: true });
      await page.addScriptTag({ path: AXE });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() =>
          (
            globalThis as unknown as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
            }
          ).axe.run(),
        );
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
      }
      await page.close();
    });

    it.each(pages)(
      '%s opens without a complaint, keeps to its policy, talks to nobody else and never scrolls sideways',
      async (path) => {
        const page = await open(path);
        const expected = path.includes('nobody') && !path.includes('?') ? [expect.stringContaining('404')] : [];
        expect(page.complaints).toEqual(expected);
        for (const width of [360, 768, 1280, 2560]) {
          await page.setViewportSize({ width, height: 900 });
          const widest = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(widest, `at ${width} px`).toBeLessThanOrEqual(width);
        }
        await page.close();
      },
    );

    it('says at its head how many to review, and how often such lists were right', async () => {
      const page = await open('/risks');
      expect(await page.textContent('.headline')).toMatch(
        /^\d+ to review\. .*Of the last \d+ flagged like this, \d+ went quiet .* quietest-first rule would have hit/,
      );
      expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
      expect(await page.locator('tbody tr').first().locator('.reasons li').count()).toBeGreaterThan(0);
      expect(await page.locator('figure svg').getAttribute('aria-label')).toMatch(/^Of partners scored around/);
      await page.close();
    });

    it('j and k move, enter opens, back comes back, / searches', async () => {
      const page = await open('/risks');
      const names = await page.locator('tbody tr th a').allTextContents();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/partners/*');
      expect(await page.textContent('h1')).toBe(names[0]);
      await page.goBack();
      expect(page.url()).toBe(`${address}/risks`);
      await page.keyboard.press('/');
      await page.keyboard.type(names[1]);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/risks?**');
      expect(await page.locator('tbody tr th a').allTextContents()).toEqual([names[1]]);
      await page.close();
    });

    it('works without JavaScript, every filter in the address', async () => {
      const page = await open('/risks', { javaScriptEnabled: false });
      await page.selectOption('select[name=show]', 'all');
      await page.selectOption('select[name=band]', 'low');
      await page.click('button[type=submit]');
      expect(page.url()).toMatch(/show=all.*band=low/);
      expect(await page.locator('.band.low').count()).toBeGreaterThan(5);
      expect(await page.locator('.band.high').count()).toBe(0);
      const href = await page.getAttribute('a.button', 'href');
      expect(href).toMatch(/^\/risks\.csv\?show=all.*band=low/);
      await page.close();
    });

    it('tells what to do when nobody fits the filter', async () => {
      const page = await open('/risks?q=nobody-is-called-this');
      expect(await page.textContent('.empty')).toMatch(/Nobody fits this filter/);
      await page.close();
    });

    it('shows past lists with what happened, one after the other, without JavaScript', async () => {
      const page = await open('/risks', { javaScriptEnabled: false });
      await page.click('.trust a[href="/risks/replay"]');
      const days = await page
        .locator('select[name=date] option')
        .evaluateAll((options) => options.map((option) => (option as unknown as { value: string }).value));
      expect(days.length).toBeGreaterThan(3);
      expect(days).toEqual(days.toSorted().reverse());
      let [flagged, hits] = [0, 0];
      for (const day of days) {
        await page.selectOption('select[name=date]', day);
        await page.click('button[type=submit]');
        expect(page.url()).toBe(`${address}/risks/replay?date=${day}`);
        const said = await page.textContent('.headline');
        const [, listed] = /^(\d+) to review of \d+ at risk\. /.exec(said ?? '') ?? [];
        const shown = await page.locator('table').first().locator('tbody tr td:last-child').allTextContents();
        expect(shown).toHaveLength(Number(listed));
        flagged += shown.length;
        hits += shown.filter((text) => text.includes('went quiet')).length;
      }
      expect(await page.locator('h2').textContent()).toBe('Not on the list, and went quiet');
      // They are the lists that the track record counts.
      await page.goto(`${address}/risks`);
      expect(await page.textContent('.headline')).toContain(
        `Of the last ${flagged} flagged like this, ${hits} went quiet`,
      );
      await page.close();
    });

    it('a day without a past list shows the latest, and how to get one', async () => {
      const page = await open('/risks/replay?date=2020-01-01');
      expect(await page.textContent('.notice')).toMatch(
        /No list is kept for 2020-01-01; .* partnercast backtest churn-risk --replay 2020-01-01$/,
      );
      const latest = await page.locator('select[name=date] option').first().textContent();
      expect(await page.textContent('h1')).toBe(`What would we have seen on ${latest}?`);
      await page.close();
    });

    it('slides over past days on the card of a model, without JavaScript', async () => {
      const page = await open('/models', { javaScriptEnabled: false });
      await page.click('th[scope=row] a');
      expect(await page.textContent('h1')).toBe('Model card: churn-risk');
      const days = await page.locator('.slider li').count();
      expect(days).toBeGreaterThan(3);
      const seen: (string | null)[] = [await page.textContent('#mondays')];
      while ((await page.locator('.slider a[rel=prev]').count()) > 0) {
        await page.click('.slider a[rel=prev]');
        seen.push(await page.textContent('#mondays'));
      }
      expect(new Set(seen).size).toBe(days);
      expect(await page.locator('.slider a[aria-current]').count()).toBe(1);
      await page.click('.slider a[rel=next]');
      expect(await page.textContent('#mondays')).toBe(seen.at(-2));
      await page.click('text=The whole list of that day');
      expect(await page.textContent('h1')).toBe(seen.at(-2));
      await page.close();
    });

    it('the card of a model of classes tells how published scores did', async () => {
      const page = await open('/models/trajectory', { javaScriptEnabled: false });
      const cells = await page
        .locator('table[aria-label="Published scores whose time is over"] tbody td')
        .allInnerTexts();
      // Everyone was called to stagnate; of 40, 8 left and the others grew.
      const counts = cells.slice(0, 4).map((cell) => cell.match(/^\d+ of 40|[\d.]+ expected/g));
      expect(counts).toEqual([
        ['0 of 40', '28.0 expected'],
        ['8 of 40', '8.0 expected'],
        ['0 of 40', '28.0 expected'],
        ['32 of 40', '4.0 expected'],
      ]);
      expect(cells.at(-1)).toContain('fewer came to stagnate than expected');
      await page.close();
    });

    it.each([
      ['/risks', 'At risk', 'page'],
      ['/partners/P00001', 'At risk', 'true'],
      ['/risks/replay', 'Past lists', 'page'],
      [`/incidents/${OF_PARTNER}`, 'What changed', 'true'],
      ['/models/trajectory', 'Models', 'true'],
      ['/whitespace', 'White space', 'page'],
    ])('%s marks where it stands among the pages', async (path, name, current) => {
      const page = await open(path);
      const marked = page.locator('nav[aria-label=Pages] a[aria-current]');
      expect(await marked.allTextContents()).toEqual([name]);
      expect(await marked.getAttribute('aria-current')).toBe(current);
      await page.close();
    });

    it('says in words what is not known of a partner', async () => {
      const page = await open('/risks?show=all', { javaScriptEnabled: false });
      await page.click('table.risks tbody th a');
      const unknown = page.locator('section[aria-labelledby=why] details li');
      expect(await unknown.count()).toBeGreaterThan(0);
      for (const text of await unknown.allTextContents()) expect(text).toMatch(/^[A-Z][^_]+\.$/);
      await page.close();
    });

    it('a card that stands alone as a file asks for nothing else', async () => {
      const shown = await shownVersion(database, scoringModels[0]);
      const page = await open('/models');
      await page.goto('about:blank');
      page.complaints.length = 0;
      await page.setContent(await cardAsFile(shown as NonNullable<typeof shown>), { waitUntil: 'networkidle' });
      expect(await page.locator('h1').textContent()).toBe('Model card: churn-risk');
      expect(await page.locator('figure svg').count()).toBe(2);
      expect(await page.locator('a').count()).toBe(0);
      expect(await page.locator('script, link, img').count()).toBe(0);
      expect(page.complaints).toEqual([]);
      await page.close();
    });

    it('shows what changed, with what was to be expected, and takes what people say, without JavaScript', async () => {
      const page = await open('/risks', { javaScriptEnabled: false });
      await page.click('nav a[href="/incidents"]');
      await page.click(`a[href="/incidents/${OF_PROGRAM}"]`);
      expect(await page.textContent('h1')).toMatch(
        /^Deals registered fell across the whole program to 1 in the week of/,
      );
      const chart = page.locator('figure.timeline svg');
      expect(await chart.textContent()).toContain('Deals registered per week');
      expect(await chart.getAttribute('aria-label')).toBe(await page.textContent('figcaption'));
      expect(await page.locator('ul.names a').first().getAttribute('href')).toBe('/partners/P00001');
      await page.click('button[value=known_cause]');
      await page.waitForSelector('button[value=known_cause][aria-pressed=true]');
      expect(page.url()).toBe(`${address}/incidents/${OF_PROGRAM}`);
      await page.close();
    });

    it('the API describes itself in the browser', async () => {
      const page = await open('/docs');
      await page.waitForSelector('.opblock');
      expect(await page.locator('.opblock').count()).toBe(16);
      expect(page.complaints).toEqual([]);
      await page.close();
    });
  });
}
