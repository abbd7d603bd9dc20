import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright';

/** A page that is looked at, and all that it asked for and complained of. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Addresses of everything it asked for, WebSockets too. */
  readonly asked: readonly string[];
  /** What stands in the browser's console as an error or a warning. */
  readonly complaints: readonly string[];
}

/** How long anything may take to appear, in milliseconds, also on a machine that has much else to do. */
const patience = 15_000;

/** Opens an address in a browser context of its own. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('websocket', (socket) => asked.push(socket.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, asked, complaints, [Symbol.asyncDispose]: async () => await context.close() };
}

/**
 * What axe finds serious or critical in a page, or in a part of it, each with the elements it is about: everything, or only what depends
 * on colours.
 */
export async function barriers(page: Page, what: 'all' | 'colours' = 'all', part = 'html'): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  const only = what === 'all' ? '' : ', runOnly: ["color-contrast"]';
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(${JSON.stringify(part)}, { resultTypes: ["violations"]${only} })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
