import { Alpaca } from '@alpacahq/alpaca-trade-api';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAdmin } from '../../admin-api/index.ts';
import { startPapertape } from '../../server/index.ts';
import { silentLog } from '../../server/log.ts';
import { steered } from '../helpers/admin.ts';
import { openBrowser } from '../helpers/browser.ts';
import { barriers, visit } from '../helpers/page.ts';
import { testPage } from '../services/index.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => await browser.close());

const desktop = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** For what may take its time on a machine that has much else to do. */
const patience = { timeout: 15_000 };

const walk = `name: walk
description: An hour in which somebody may pull the plug.
tapes:
  - synthetic:
      symbols: [AAPL, MSFT]
      from: '2026-07-01T10:00:00-04:00'
      to: '2026-07-01T11:00:00-04:00'
      rate: 20
replay: { mode: single_pass, startOn: command, speed: 10 }
timeline:
  - { id: mute, market: '10:45', for: 30s, inject: { mute: {} } }
expect:
  - { id: back, must: { reconnect: { within: 60s } } }
  - { id: one-at-a-time, severity: warn, must: { connections: { atMost: 1 } } }
`;

test('somebody loads a scenario, plays and seeks it, pulls the plug of an SDK, sees it come back, and reads the verdict', async () => {
  await using desk = await steered({}, { page: await testPage() });
  await desk.api.putScenario('walk', walk);
  await using visitor = await visit(browser, desk.admin.url, desktop);
  const { page } = visitor;
  expect(await page.title()).toBe('FAKE MARKET — Papertape');
  await page.getByRole('heading', { name: 'Fake market — Papertape' }).waitFor();

  await page.getByRole('tab', { name: 'Scenario' }).click();
  await page.getByLabel('Scenario to open in the editor').selectOption('walk');
  await page.getByText('Valid: it can be played.').waitFor();
  await page.getByRole('button', { name: 'Open a run of it' }).click();
  await expect.poll(async () => (await desk.api.listRuns()).length, patience).toBe(2);
  const run = (await desk.api.listRuns())[1];
  expect(run).toMatchObject({ scenario: 'walk', phase: 'waiting' });
  if (run === undefined) return;
  const chosen = page.getByLabel('Run', { exact: true });
  await expect.poll(async () => await chosen.inputValue(), patience).toBe(run.id);

  const alpaca = new Alpaca({ keyId: run.key, secret: run.secret });
  const stream = alpaca.marketData.stockStream({ url: run.streams['/v2/sip'] ?? '', initialReconnectMs: 50 });
  stream.onConnect(() => stream.subscribeForTrades(['AAPL']));
  stream.connect();
  try {
    const clients = page.getByRole('region', { name: 'Connected clients' });
    await clients.getByText('#1').waitFor();
    await clients.getByText('AAPL').waitFor();

    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText('playing').first().waitFor();
    await seekByPointer(page, 0.5);
    await expect.poll(async () => (await desk.api.getRun(run.id)).position ?? '', patience).toMatch(/T14:(?:29|3\d):/);
    await expect.poll(async () => await page.getByRole('timer').textContent(), patience).toMatch(/^10:(?:29|3\d):/);

    await page.getByLabel('Find a fault').fill('hang up');
    await page.getByRole('button', { name: 'Inject: Hang up' }).click();
    await clients.getByText('#2').waitFor();
    await clients.getByText('AAPL').waitFor();

    const expectations = page.getByRole('region', { name: 'Expectations' });
    await expectations.getByText('back met').waitFor();
    await page.getByLabel('Filter the tape').fill('hangUp');
    await page
      .getByRole('region', { name: /^Messages/ })
      .getByText('begins')
      .waitFor();
  } finally {
    stream.disconnect();
  }
  const { host } = new URL(desk.admin.url);
  expect(visitor.asked.filter((url) => new URL(url).host !== host)).toEqual([]);
  expect(visitor.complaints).toEqual([]);
});

test('whoever opens a run whose key an older one knows is warned, with the URL that leads to the new one', async () => {
  await using desk = await steered({}, { page: await testPage() });
  await desk.api.putScenario('keyed', `${walk}keys: [{ key: PK-SHARED }]\n`);
  await desk.api.createRun({ scenario: 'keyed', id: 'older' });
  await using visitor = await visit(browser, desk.admin.url, desktop);
  const { page } = visitor;
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByLabel('Scenario of the new run').fill('keyed');
  await page.getByLabel('Name of the new run').fill('newer');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const notices = page.getByRole('log', { name: 'Notices' });
  const warning = notices.getByText('Run newer: run older, which is older, also knows key-');
  expect(await warning.textContent()).toContain(`give them ${desk.papertape.url}/r/newer.`);
});

test('what is wrong with a scenario stands under its line, and completion knows what may be written', async () => {
  await using desk = await steered({}, { page: await testPage() });
  await using visitor = await visit(browser, desk.admin.url, desktop);
  const { page } = visitor;
  await page.getByRole('tab', { name: 'Scenario' }).click();
  const editor = page.getByRole('textbox', { name: 'Scenario, YAML' });
  await page.getByText('Valid: it can be played.').waitFor();
  await editor.fill('name: mine\ntapes:\n  - synthetic: { symbols: [AAPL] }\nreplay:\n  sped: 2\n');
  await page.getByText(/^1 problem\. Line 5: .*did you mean speed/i).waitFor();
  await page.locator('.cm-lintRange-error').waitFor();
  expect(await page.locator('.cm-line').count(), 'what was there before is gone').toBe(6);
  await editor.fill('name: mine\ntapes:\n  - synthetic: { symbols: [AAPL] }\nreplay:\n  ');
  await editor.press('Control+End');
  await editor.pressSequentially('startO');
  await page.getByRole('option', { name: 'startOn' }).waitFor();
  expect(visitor.complaints).toEqual([]);
});

test('the keyboard alone plays, seeks, asks for help, and injects a fault', async () => {
  await using desk = await steered({}, { page: await testPage() });
  await using visitor = await visit(browser, desk.admin.url, desktop);
  const { page } = visitor;
  const { keyboard } = page;
  await page.getByText('waiting').first().waitFor();
  await keyboard.press('Space');
  await page.getByText('playing').first().waitFor();
  await keyboard.press('Space');
  await page.getByText('paused').first().waitFor();
  const before = Date.parse((await desk.api.getRun('default')).position ?? '');
  await keyboard.press('ArrowRight');
  await expect
    .poll(async () => Date.parse((await desk.api.getRun('default')).position ?? ''), patience)
    .toBe(before + 60_000);
  await keyboard.press('?');
  await page.getByRole('dialog').getByText('play or pause').waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await keyboard.press('6');
  await keyboard.press('Tab');
  await keyboard.type('mute b? /');
  expect(await page.getByLabel('Find a fault').inputValue()).toBe('mute b? /');
  await keyboard.press('Control+A');
  await keyboard.type('mute');
  await expect
    .poll(async () => await page.getByRole('button', { name: /^Inject: / }).count(), patience)
    .toBeLessThan(6);
  await page.getByRole('button', { name: 'Inject: Mute', exact: true }).focus();
  await keyboard.press('Enter');
  await page.getByRole('list', { name: 'Live faults' }).waitFor();
  expect(await desk.api.listFaults()).toMatchObject([{ fault: 'mute', byHand: true }]);
  expect(visitor.complaints).toEqual([]);
});

test('a page whose Papertape wants a token asks for it, keeps it for the tab, and says when it is wrong', async () => {
  const token = 'a-token-of-some-length';
  await using desk = await steered({}, { page: await testPage(), token });
  await using visitor = await visit(browser, desk.admin.url, desktop);
  const { page } = visitor;
  await page.getByRole('textbox', { name: 'Token' }).fill('not the one');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('That was not the right one.').waitFor();
  await page.getByRole('textbox', { name: 'Token' }).fill(token);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('waiting').first().waitFor();
  await page.reload();
  await page.getByText('waiting').first().waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

for (const [where, viewport] of Object.entries({ desktop, phone })) {
  test(`nobody is kept out of the page, in light or dark, on a ${where}`, async () => {
    await using desk = await steered({}, { page: await testPage() });
    await using visitor = await visit(browser, desk.admin.url, viewport);
    const { page } = visitor;
    await desk.api.play();
    await desk.api.injectFault({ inject: { mute: {} }, for: '5m' });
    await page.getByText('playing').first().waitFor();
    await desk.api.pause();
    const parts =
      where === 'phone'
        ? page.getByRole('navigation', { name: 'Parts of the page' }).getByRole('button')
        : page.getByRole('tab');
    const found: string[] = [];
    for (const [index, part] of (await parts.all()).entries()) {
      await part.click();
      // What all parts have in common is looked at once.
      const changed = index === 0 ? 'html' : where === 'phone' ? '.bench' : '.panel.main';
      // The colours are those of a desktop.
      const schemes = where === 'phone' && index > 0 ? (['light'] as const) : (['light', 'dark'] as const);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await barriers(page, colorScheme === 'light' ? 'all' : 'colours', changed)));
      }
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    found.push(...(await barriers(page)));
    expect(found).toEqual([]);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wide, 'nothing sticks out sideways').toBeLessThanOrEqual(0);
    expect(visitor.complaints).toEqual([]);
  });
}

test('a page whose Papertape goes away says so, and is live again by itself when it is back', async () => {
  const folder = await testPage();
  await using papertape = await startPapertape({ scenario: { tapes: [{ synthetic: { symbols: ['AAPL'] } }] } });
  const options = { papertape, version: 'test', log: silentLog };
  const folders = { scenarios: folder, tapes: folder, readyTapes: folder, page: folder };
  const first = await startAdmin({ ...options, folders });
  await using visitor = await visit(browser, first.url, desktop);
  const status = visitor.page.getByRole('banner').getByRole('status');
  await expect.poll(async () => await status.textContent(), patience).toBe('live');
  await first[Symbol.asyncDispose]();
  await expect.poll(async () => await status.textContent(), patience).toBe('not connected');
  await using _second = await startAdmin({ ...options, folders, port: first.port });
  await expect.poll(async () => await status.textContent(), patience).toBe('live');
});

/** Puts the needle at a share of the drawn tape. */
async function seekByPointer(page: Page, share: number): Promise<void> {
  const rail = page.getByRole('slider', { name: 'Place on the tape' });
  const box = await rail.boundingBox();
  expect(box).not.toBeNull();
  if (box !== null) await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
}
