import { z } from 'zod';
import { instant } from './common.ts';
import { entryKinds, entryView } from './journal.ts';
import { liveFaultView } from './live-fault.ts';
import { phases } from './run.ts';
import { sessionView } from './session.ts';

const run = z.string();

const deck = z
  .strictObject({
    type: z.literal('deck'),
    run,
    opened: instant.meta({ description: 'Another one than before: the run was reset.' }),
    phase: z.enum(phases),
    speed: z.union([z.number(), z.literal('max')]),
    pass: z.int(),
    position: instant.optional(),
    sessions: z.int(),
    faults: z.int(),
  })
  .meta({ id: 'LiveDeck', description: 'Where the deck stands.' });

const rates = z
  .strictObject({
    type: z.literal('rates'),
    run,
    eventsPerSecond: z.number(),
    bytesPerSecond: z.number(),
    sessions: z.array(z.strictObject({ session: z.int(), eventsPerSecond: z.number(), bytesPerSecond: z.number() })),
  })
  .meta({ id: 'LiveRates', description: 'How much is sent, in all and to each.' });

const sessions = z
  .strictObject({ type: z.literal('sessions'), run, sessions: z.array(sessionView) })
  .meta({ id: 'LiveSessions', description: 'Who is connected.' });

const faults = z
  .strictObject({ type: z.literal('faults'), run, faults: z.array(liveFaultView) })
  .meta({ id: 'LiveFaults', description: 'What goes wrong now.' });

const journal = z
  .strictObject({
    type: z.literal('journal'),
    run,
    entries: z.array(entryView),
    skipped: z.int().meta({ description: 'Older ones that were too many to be told; the journal has them.' }),
  })
  .meta({ id: 'LiveJournal', description: 'What has been written down since.' });

const messages = z
  .strictObject({
    type: z.literal('messages'),
    run,
    messages: z.array(z.strictObject({ session: z.int(), text: z.string() })),
    skipped: z.int().meta({ description: 'Writes to clients that were too many to be read for this.' }),
  })
  .meta({
    id: 'LiveMarketData',
    description: 'Market data as clients are sent it, each message as JSON; the newest alone where there is much.',
  });

const gone = z
  .strictObject({ type: z.literal('gone'), run })
  .meta({ id: 'LiveGone', description: 'There is no such run, or no more.' });

/** What `/live` tells, each kind at most ten times a second, and only when it has changed. */
export const liveMessage = z
  .discriminatedUnion('type', [deck, rates, sessions, faults, journal, messages, gone])
  .meta({ id: 'LiveMessage', description: 'A text message of the WebSocket, one after the other.' });
export type LiveMessage = z.infer<typeof liveMessage>;

export const liveQuery = z.strictObject({
  run: z.string().default('default'),
  kinds: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(entryKinds)))
    .optional()
    .meta({ description: 'Kinds of journal entries, with commas; all when absent.', type: 'string' }),
});
