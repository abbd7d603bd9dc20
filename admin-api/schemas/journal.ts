import { z } from 'zod';
import { duration } from '../../market/duration.ts';
import { seconds } from '../../market/nanos.ts';
import { instant } from './common.ts';

export const entryKinds = [
  'knocked',
  'heard',
  'said',
  'logged-in',
  'refused',
  'subscribed',
  'ping',
  'pong',
  'sent',
  'missed',
  'closed',
  'moved',
  'asked',
  'fault',
  'deck',
] as const;
const kind = z.enum(entryKinds);

const covered = z.strictObject({
  market: z.string(),
  symbol: z.string(),
  channel: z.string(),
  from: instant,
  to: instant,
  rows: z.int(),
});

export const entryView = z
  .strictObject({
    number: z.int().meta({ description: 'From 1; reports quote it.' }),
    at: instant.meta({ description: 'Wall time.' }),
    elapsedMs: z.number().meta({ description: 'How long the tape had played.' }),
    market: instant.optional().meta({ description: 'Market time under the needle.' }),
    kind,
    text: z.string().meta({ description: 'All of it in plain words.' }),
    fault: z.string().optional().meta({ description: 'The step that touched it.' }),
    session: z.int().optional(),
    exchange: z.string().optional(),
    path: z.string().optional(),
    client: z.string().optional().meta({ description: 'Label of its key.' }),
    status: z.int().optional().meta({ description: 'Of an answer; absent while there is none.' }),
    retryAfterMs: z.number().optional(),
    message: z.string().optional().meta({ description: 'What was said, without keys.' }),
    does: z.string().optional().meta({ description: 'What the exchange took it for.' }),
    why: z.string().optional(),
    list: z.array(z.strictObject({ channel: z.string(), symbols: z.array(z.string()) })).optional(),
    from: z.int().optional().meta({ description: 'Number of the first event on the deck.' }),
    to: z.int().optional(),
    events: z.int().optional(),
    bytes: z.int().optional(),
    by: z.string().optional(),
    code: z.int().optional(),
    movedTo: z.string().optional().meta({ description: 'The run in which it is now.' }),
    url: z.string().optional(),
    tookMs: z.number().optional(),
    covers: z.array(covered).optional(),
    step: z.string().optional(),
    name: z.string().optional().meta({ description: 'Of the fault.' }),
    phase: z.string().optional().meta({ description: 'Of the fault, or of the deck.' }),
    speed: z.union([z.number(), z.literal('max')]).optional(),
    pass: z.int().optional(),
  })
  .meta({ id: 'JournalEntry' });
export type EntryView = z.infer<typeof entryView>;

const number = z.coerce.number().int().min(0);
const kinds = z
  .union([
    z.array(kind),
    z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(kind)),
  ])
  .meta({ description: 'Only these: repeated, or with commas.', examples: ['logged-in,closed'], type: 'string' });

/** Which entries are meant. */
export const entryFilter = z.strictObject({
  kinds: kinds.optional(),
  session: z.coerce.number().int().min(1).optional().meta({ description: 'Number of the connection.' }),
  client: z
    .string()
    .optional()
    .meta({ description: 'Label of its key.', examples: ['key-1a2b3c4d'] }),
  exchange: z.string().optional(),
  step: z.string().optional().meta({ description: 'A step’s own entries, and those that it touched.' }),
  text: z.string().max(200).optional().meta({ description: 'Somewhere in its words, in any case.' }),
  since: number.optional().meta({ description: 'Only entries with a higher number.' }),
});
export type EntryFilter = z.output<typeof entryFilter>;
export type AskedEntries = Partial<Omit<EntryFilter, 'kinds'>> & {
  readonly kinds?: readonly (typeof entryKinds)[number][];
};

export const journalQuery = entryFilter.extend({
  before: number.optional().meta({ description: 'Only entries with a lower number.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  order: z.enum(['newest', 'oldest']).default('newest').meta({ description: 'Which come first.' }),
});
export const waitQuery = entryFilter.extend({
  count: z.coerce.number().int().min(1).max(1000).default(1).meta({ description: 'How many are waited for.' }),
  timeout: duration
    .refine((span) => span <= seconds(600), 'too long; use 10m or less')
    .prefault('10s')
    .meta({ description: 'How long, in wall time.', examples: ['10s'] }),
});

export const journalPage = z
  .strictObject({
    entries: z.array(entryView),
    next: z
      .string()
      .optional()
      .meta({
        description: 'The query that asks for what follows; absent when nothing does.',
        examples: ['before=17'],
      }),
    written: z.int().meta({ description: 'Entries that there have been.' }),
    forgotten: z.int().meta({ description: 'How many of them are not kept any more.' }),
  })
  .meta({ id: 'JournalPage' });
export type JournalPage = z.infer<typeof journalPage>;

export const journalCount = z.strictObject({ count: z.int(), written: z.int() }).meta({ id: 'JournalCount' });
export type JournalCount = z.infer<typeof journalCount>;
