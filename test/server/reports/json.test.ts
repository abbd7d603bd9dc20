import { expect, test } from 'vitest';
import { jsonReport } from '../../../server/reports/index.ts';
import { empty, stormyRun } from '../../helpers/report-facts.ts';

test('programs read a versioned shape with everything that is unmet and the lines that show it', async () => {
  const report: unknown = JSON.parse(jsonReport(...(await stormyRun())));
  expect(report).toMatchObject({
    report: 'papertape-run',
    version: 1,
    notice: expect.stringContaining('Fake market data'),
    passed: false,
    counts: { met: 3, failed: 3, warned: 1 },
    scenario: { name: 'opening-bell-storm' },
    run: { seed: 20_250_401, speed: 1, started: '2026-11-21T14:29:30.000Z', milliseconds: 120_000 },
    clients: [
      {
        client: 'key-3f9a1c07',
        owed: 18_240,
        missed: 412,
        fetched: 396,
        stretches: [{ symbol: 'AAPL', rows: 412, why: 'it was not connected' }],
      },
      { client: 'key-b81e44d2', missed: 0, stretches: [] },
    ],
  });
  expect(report).toMatchObject({
    journal: {
      shown: expect.arrayContaining([
        expect.objectContaining({
          kind: 'closed',
          milliseconds: 60_001,
          text: 'connection 1 (key-3f9a1c07) was closed by the exchange with 1006',
        }),
      ]),
    },
  });
});

test('the same run gives the same bytes, and its keys stay as they are', async () => {
  const [first, second] = [jsonReport(...(await stormyRun())), jsonReport(...(await stormyRun()))];
  expect(first).toBe(second);
  const keys = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.slice(0, 1).map(keys)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, keys(inner)]))
        : typeof value;
  expect(keys(JSON.parse(first))).toMatchInlineSnapshot(`
      {
        "clients": [
          {
            "client": "string",
            "exchange": "string",
            "fetched": "number",
            "missed": "number",
            "owed": "number",
            "path": "string",
            "stretches": [
              {
                "channel": "string",
                "fetched": "number",
                "from": "string",
                "market": "string",
                "rows": "number",
                "symbol": "string",
                "to": "string",
                "why": "string",
              },
            ],
          },
        ],
        "counts": {
          "failed": "number",
          "met": "number",
          "warned": "number",
        },
        "findings": [
          {
            "expected": "string",
            "id": "string",
            "lines": [],
            "outcome": "string",
            "seen": "string",
            "sentence": "string",
            "severity": "string",
            "step": "string",
          },
        ],
        "journal": {
          "kept": "number",
          "shown": [
            {
              "at": "string",
              "kind": "string",
              "milliseconds": "number",
              "number": "number",
              "text": "string",
            },
          ],
          "written": "number",
        },
        "notice": "string",
        "papertape": "string",
        "passed": "boolean",
        "report": "string",
        "run": {
          "again": "string",
          "ended": "string",
          "milliseconds": "number",
          "seed": "number",
          "speed": "number",
          "started": "string",
          "tape": "string",
        },
        "scenario": {
          "description": "string",
          "name": "string",
        },
        "version": "number",
      }
    `);
  expect(() => JSON.parse(jsonReport(...empty)) as unknown).not.toThrow();
});
