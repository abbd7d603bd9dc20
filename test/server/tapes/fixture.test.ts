import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSidecar } from '../../../server/sources/file/index.ts';
import { openTape, tapeSchema } from '../../../server/sources/index.ts';
import { describeTape, writeTape } from '../../../server/tapes/index.ts';

const fixture = 'fixtures/tapes/open-2026-07-01.ndjson.gz';
/** The market the fixture was generated from; fixtures/tapes/README.md tells how to write it again. */
const entry = tapeSchema.parse({
  synthetic: {
    symbols: ['AAPL', 'MSFT', 'IBM', 'SPY', 'BTC/USD', 'EUR/USD'],
    from: '2026-07-01T09:29:00-04:00',
    to: '2026-07-01T09:33:00-04:00',
    rate: 12,
    extendedHours: true,
    corrections: 0.01,
    seed: 20_260_701,
  },
});
const signal = new AbortController().signal;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'papertape-'));
});
afterAll(() => rm(directory, { recursive: true }));

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('the fixture tape is generated anew to the last byte', async () => {
  await using source = openTape(entry, { directory: '.', seed: 1 });
  const path = join(directory, 'again.ndjson');
  const { sha256: again } = await writeTape(path, source.pages({}, signal), {
    origin: 'generated',
    licence: 'MIT',
    signal,
  });
  // The text is compared, not its compression: zlib chooses differently on other processors.
  expect(again).toBe(sha256(gunzipSync(readFileSync(fixture))));
});

test('the fixture tape is small, vouched for by its sidecar, and crosses the open', async () => {
  expect(readFileSync(fixture).length).toBeLessThan(300_000);
  const sidecar = await readSidecar(fixture);
  expect(sidecar).toMatchObject({ origin: 'generated', licence: 'MIT' });
  await using source = openTape({ file: fixture }, { directory: '.', seed: 0 });
  const tape = await describeTape(source, signal);
  expect(tape.events).toBeGreaterThan(2000);
  expect(tape.symbols.map(({ symbol }) => symbol)).toEqual(['AAPL', 'BTC/USD', 'EUR/USD', 'IBM', 'MSFT', 'SPY']);
  expect(tape.channels).toMatchObject({ status: 4, correction: expect.any(Number), luld: expect.any(Number) });
  expect(tape.period?.text).toMatch(/^2026-07-01T13:29:00\.\d{9}Z to 2026-07-01T13:32:59\.\d{9}Z$/);
});
