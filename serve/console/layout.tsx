import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';

const PAGES = [
  ['/risks', 'At risk'],
  ['/risks/replay', 'Past lists'],
  ['/incidents', 'What changed'],
  ['/prospects', 'Prospects'],
  ['/ipp', 'Ideal partner'],
  ['/whitespace', 'White space'],
  ['/models', 'Models'],
  ['/docs', 'API'],
] as const;

/** Where in the list of pages a page stands: one of them, or something opened from it. */
export interface Place {
  page: (typeof PAGES)[number][0];
  within?: boolean;
}

interface Page {
  title: string;
  /** Beside the name of the product: how fresh the page is. */
  status: string;
  children: ComponentChildren;
  /** Left out for a page that none of the list leads to. */
  at?: Place;
  /** The style sheet itself, for a page that stands alone as a file: without the frame and its scripts. */
  style?: string;
}

/** The frame of every page. */
function Layout({ title, status, children, at, style }: Page) {
  if (style !== undefined) return Alone({ title, children, style });
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · partnercast`}</title>
        <link rel="stylesheet" href="/assets/console.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <script src="/assets/console.js" defer />
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the page
        </a>
        <header class="bar">
          <a class="brand" href="/risks">
            partnercast
          </a>
          <nav aria-label="Pages">
            {PAGES.map(([href, name]) => (
              <a key={href} href={href} aria-current={href === at?.page ? (at.within ? 'true' : 'page') : undefined}>
                {name}
              </a>
            ))}
          </nav>
          <p class="status">{status}</p>
        </header>
        <main id="content">{children}</main>
      </body>
    </html>
  );
}

function Alone({ title, children, style }: Pick<Page, 'title' | 'children'> & { style: string }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · partnercast`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <main id="content">{children}</main>
      </body>
    </html>
  );
}

/** A whole page as HTML. */
export function renderPage(page: Page): string {
  return `<!doctype html>${renderToString(<Layout {...page} />)}`;
}
