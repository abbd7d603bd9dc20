import { get } from 'node:http';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';
import { testPage } from '../services/index.ts';

test('the page is served whole: its address never changes, and what it loads may be kept for ever', async () => {
  const folder = await testPage();
  await using desk = await steered({}, { page: folder });
  const index = await fetch(`${desk.admin.url}/`);
  expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(index.headers.get('cache-control')).toBe('no-cache');
  const loads = [...(await index.text()).matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(loads).toHaveLength(3);
  for (const path of loads) {
    const { status, headers } = await fetch(desk.admin.url + path);
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  }
  const types = Object.fromEntries(
    await Promise.all(
      readdirSync(folder).map(async (name) => {
        const { headers } = await fetch(`${desk.admin.url}/page/${name}`);
        return [name.split('.').at(-1), headers.get('content-type')] as const;
      }),
    ),
  );
  expect(types).toEqual({
    html: 'text/html; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    svg: 'image/svg+xml',
    txt: 'text/plain; charset=utf-8',
  });
});

test('a browser that has the page is told so', async () => {
  await using desk = await steered({}, { page: await testPage() });
  const etag = (await fetch(desk.admin.url)).headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]{43}"$/);
  const again = await fetch(desk.admin.url, { headers: { 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('the page may run its own scripts and styles, talk to its own origin, and nothing else', async () => {
  await using desk = await steered({}, { page: await testPage() });
  const { headers } = await fetch(desk.admin.url);
  const { host } = new URL(desk.admin.url);
  expect(headers.get('content-security-policy')).toBe(
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws://${host} wss://${host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('no path below the page leads out of it', async () => {
  await using desk = await steered({}, { page: await testPage() });
  for (const path of [
    '/page/../package.json',
    '/page/%2e%2e/package.json',
    '/page/..%2f..%2fpackage.json',
    '/page/..%5c..%5cpackage.json',
    '/page//etc/passwd',
    '/page/%2fetc%2fpasswd',
    '/page/index.html%00.js',
    '/page/',
  ]) {
    expect(await rawStatus(desk.admin.port, path), path).toBe(404);
  }
});

test('a page that was not built says how to build it', async () => {
  await using desk = await steered();
  const answer = await fetch(desk.admin.url);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('npm run page') });
});

test('the page says whose work is in it', async () => {
  await using desk = await steered({}, { page: await testPage() });
  const text = await (await fetch(`${desk.admin.url}/page/licenses.txt`)).text();
  for (const words of [
    'TradingView Lightweight Charts',
    'https://www.tradingview.com/',
    'Apache License',
    '\npreact\n',
  ]) {
    expect(text).toContain(words);
  }
});

/** The status of a path that is sent as it is, not as a URL parser would mend it. */
async function rawStatus(port: number, path: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
}
