import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MarketEvent } from '../../market/event.ts';
import { merge } from '../../server/merge.ts';
import { pageSize, type Page } from '../../server/sources/source.ts';
import { trade } from '../helpers/events.ts';

/** A tape as page lengths and steps of time; few different instants, so that ties are common. */
const tapeShape = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 }), { maxLength: 6 });

test('several tapes come out oldest first, ties in the order of the tapes, nothing lost, nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tapeShape, { maxLength: 7 }), async (shapes) => {
      const tapes = shapes.map((shape, tape) => pagesOf(shape, tape));
      const expected = tapes
        .flat(2)
        .map((one, rank) => ({ one, rank }))
        .toSorted((a, b) => Number(a.one.at - b.one.at) || a.rank - b.rank)
        .map(({ one }) => one);
      expect(await played(tapes)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('a long merge comes in pages of one size', async () => {
  const half = pageSize + 44;
  const tapes = [0, 1].map((tape) => [Array.from({ length: half }, (_, index) => event(index, tape, index))]);
  const lengths: number[] = [];
  for await (const page of merge(tapes.map(reading))) lengths.push(page.length);
  expect(lengths).toEqual([pageSize, pageSize, 88]);
});

test('a single tape passes through, page by page as it was read', async () => {
  const pages = pagesOf([[0, 1], [], [0, 0, 3]], 0);
  const seen: Page[] = [];
  for await (const page of merge([reading(pages)])) seen.push(page);
  expect(seen).toEqual(pages);
  seen.forEach((page, index) => expect(page).toBe(pages[index]));
});

test('a broken tape ends the merge with its own error, after the others are closed', async () => {
  const closed: string[] = [];
  async function* broken(): AsyncGenerator<Page> {
    yield [event(1, 0, 0)];
    throw new Error('bad sector');
  }
  async function* sound(): AsyncGenerator<Page> {
    try {
      for (let at = 0; ; at++) yield [event(at, 1, at)];
    } finally {
      closed.push('sound');
    }
  }
  await expect(async () => {
    for await (const page of merge([broken(), sound()])) expect(page.length).toBeLessThanOrEqual(pageSize);
  }).rejects.toThrow('bad sector');
  expect(closed).toEqual(['sound']);
});

test('whoever stops listening early closes every tape', async () => {
  const closed: number[] = [];
  const endless = async function* (tape: number): AsyncGenerator<Page> {
    try {
      for (let at = 0; ; at++) yield [event(at, tape, at)];
    } finally {
      closed.push(tape);
    }
  };
  for await (const page of merge([endless(0), endless(1), endless(2)])) {
    expect(page).toHaveLength(pageSize);
    break;
  }
  expect(closed.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
});

function pagesOf(shape: readonly (readonly number[])[], tape: number): Page[] {
  let at = 0;
  let count = 0;
  return shape.map((steps) => steps.map((step) => event((at += step), tape, count++)));
}

function event(at: number, tape: number, index: number): MarketEvent {
  return trade(BigInt(at), { symbol: `TAPE${tape}`, id: String(index) });
}

async function* reading(pages: readonly Page[]): AsyncGenerator<Page> {
  yield* pages;
}

async function played(tapes: readonly (readonly Page[])[]): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const page of merge(tapes.map(reading))) events.push(...page);
  return events;
}
