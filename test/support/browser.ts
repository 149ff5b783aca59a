import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The options of tests that need a browser: skipped without one, but with REQUIRE_COUNTERPARTS=1 they fail instead. */
export function needChromium(): { readonly skip: string | false } {
  const isThere = existsSync(CHROMIUM) || process.env.REQUIRE_COUNTERPARTS === '1';
  return { skip: isThere ? false : `there is no ${CHROMIUM} (Debian's package is chromium)` };
}

/** A page in Chromium, and its errors. */
export type OpenPage = AsyncDisposable & {
  readonly page: Page;
  /** Errors of scripts, of the console, and violations of the page's policy. */
  readonly complaints: readonly string[];
};

/** Opens a URL in a Chromium of its own. */
export async function openPage(url: string): Promise<OpenPage> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints, [Symbol.asyncDispose]: () => browser.close() };
}
