import { expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../market/clock.ts';
import type { Market, MarketEvent } from '../../market/event.ts';
import { day, second } from '../../market/nanos.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { price } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { playTranscript } from '../helpers/transcript-player.ts';
import { transcriptsOf, type Step, type Transcript } from '../helpers/transcripts.ts';

/** A second before the prices that the scripts show. */
const start = 1_789_574_219n * second;
const evidence = { source: 'this test', certainty: 'inferred' } as const;

const item = {
  AAPL: {
    symbol: 'AAPL',
    exchange: 'NASDAQ',
    mic_code: 'XNGS',
    country: 'United States',
    type: 'Common Stock',
  },
  'EUR/USD': { symbol: 'EUR/USD', exchange: 'PHYSICAL CURRENCY', type: 'Physical Currency' },
} as const;

/** The script takes its reply from a client's test that asked for one symbol; this client asked for two. */
function forBothSymbols(session: Transcript): Transcript {
  if (session.name !== 'python_sdk') return session;
  const frame = { event: 'subscribe-status', status: 'ok', success: [item['EUR/USD'], item.AAPL], fails: null };
  const steps = session.steps.map((step): Step => (step.dir === 'recv' && 'frame' in step ? { ...step, frame } : step));
  return { ...session, steps };
}

/** The script shows what the SDK sends and leaves out what it hears. */
function withReplies(session: Transcript): Transcript {
  if (session.name !== 'node_sdk_reconnect') return session;
  const frame = { event: 'subscribe-status', status: 'ok', success: [item.AAPL, item['EUR/USD']], fails: null };
  const steps = session.steps.flatMap((step): Step[] =>
    step.dir === 'send' ? [step, { dir: 'recv', ...evidence, conn: step.conn, frame }] : [step],
  );
  return { ...session, steps };
}

const transcripts = transcriptsOf('twelvedata').map(forBothSymbols).map(withReplies);

test('the recorded sessions are all here', () => {
  expect(transcripts).toHaveLength(11);
});

test.each(transcripts.map((session) => [session.name, session] as const))(
  'Twelve Data talks as recorded: %s',
  async (_name, session) => {
    const clock = new ManualClock(start);
    await using papertape = await serve(clock, session);
    const house = {
      url: papertape.url,
      clock,
      read: (payload: Buffer): unknown => JSON.parse(payload.toString()),
      gist: withoutEmptyLists,
      // The server goes without a word.
      improvise: async () => {
        for (const one of papertape.run.sessions) one.end('none');
      },
    };
    await expect(playTranscript(session, house)).resolves.toBeUndefined();
  },
);

/** Nobody knows when an empty list is null, when it is empty and when it is left out; the scripts show all three. */
function withoutEmptyLists(element: Readonly<Record<string, unknown>>): unknown {
  const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(element).filter(([, value]) => !isEmpty(value)));
}

async function serve(clock: ManualClock, session: Transcript): Promise<Papertape> {
  const scenario = scenarioSchema.parse({
    name: 'golden',
    tapes: [{ synthetic: {} }],
    replay: { mode: 'single_pass' },
    keys: [{ key: 'TEST_KEY' }],
    // The one limit that a session supposes and nobody knows.
    endpoints: session.name === 'no_heartbeat_idle_drop' ? { twelvedata: { idle: '60s' } } : undefined,
  });
  return startPapertape({ scenario, clock, tapes: [memorySource(tapeOf(session))], port: 0 });
}

/** What the session shows of prices, after something that nobody hears and before a day on which its symbols trade at last. */
function tapeOf({ steps }: Transcript): readonly MarketEvent[] {
  const shown = steps.flatMap((step) => (step.dir === 'recv' ? eventsOf(step.frame) : []));
  const last = [
    price(start + day, { symbol: 'AAPL' }),
    price(start + day, { symbol: 'EUR/USD', market: 'forex' }),
    price(start + day, { symbol: 'BTC/USD', market: 'crypto' }),
  ];
  return [price(start, { symbol: 'UNHEARD' }), ...shown, ...last];
}

const wirePrice = z.object({
  event: z.literal('price'),
  symbol: z.string(),
  timestamp: z.int(),
  price: z.number(),
  type: z.enum(['Common Stock', 'Physical Currency', 'Digital Currency']),
  bid: z.number().optional(),
  ask: z.number().optional(),
  day_volume: z.int().optional(),
});
const markets: Readonly<Record<z.output<typeof wirePrice>['type'], Market>> = {
  'Common Stock': 'stocks',
  'Physical Currency': 'forex',
  'Digital Currency': 'crypto',
};

function eventsOf(frame: unknown): MarketEvent[] {
  const read = wirePrice.safeParse(frame);
  if (!read.success) return [];
  const { symbol, timestamp, type, bid, ask, day_volume: dayVolume, price: last } = read.data;
  const at = BigInt(timestamp) * second;
  return [price(at, { symbol, market: markets[type], price: last, bidPrice: bid, askPrice: ask, dayVolume })];
}
