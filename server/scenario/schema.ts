import { z } from 'zod';
import { duration } from '../../market/duration.ts';
import { endpointsSchema } from '../exchanges/index.ts';
import { tapeSchema } from '../sources/index.ts';
import { byteSize } from './byte-size.ts';
import { crossCheck } from './cross-check.ts';
import { endInstant, instant } from './instant.ts';
import { expectSchemas, rulesSchema, timelineSchema } from './steps.ts';

const symbols = z
  .array(z.string().min(1))
  .min(1)
  .meta({ description: 'Symbols as the tape spells them.', examples: [['AAPL', 'BTC/USD']] });

const rangeSchema = z
  .strictObject({
    from: instant.meta({ title: 'From', description: 'First instant played: ISO with zone, or a date in New York.' }),
    to: endInstant.meta({ title: 'To', description: 'First instant no longer played, or the last date played.' }),
    outside: z.enum(['refuse', 'clip']).default('refuse').meta({
      title: 'Beyond the tape',
      description: 'What to do when the tapes do not hold the whole range: refuse to start, or play what there is.',
    }),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'not after `from`; give a later instant' })
  .meta({
    title: 'Range',
    description: 'The part of the tapes that mode date_range plays.',
    examples: [{ from: '2026-07-01', to: '2026-07-02T12:00:00-04:00', outside: 'clip' }],
  });

const noSpeed = 'not a speed; use 0.1–1000 or max';

const replaySchema = z
  .strictObject({
    mode: z.enum(['loop', 'date_range', 'single_pass']).default('loop').meta({
      title: 'Mode',
      description: 'loop starts over at the end, date_range plays one range once, single_pass plays everything once.',
    }),
    loopCount: z
      .int()
      .refine((count) => count === -1 || count >= 1, { error: 'not a number of passes; use 1 or more, or -1 for ever' })
      .default(-1)
      .meta({ title: 'Loop count', description: 'Passes in mode loop; -1 = for ever.', examples: [-1, 3] }),
    range: rangeSchema.optional(),
    symbols: symbols.optional().meta({
      title: 'Symbols',
      description: 'Plays only these; everything on the tapes when absent.',
      examples: [['AAPL', 'MSFT']],
    }),
    atEnd: z.enum(['keep', 'close']).default('keep').meta({
      title: 'At the end',
      description: 'When the last pass is over: keep the connections open and silent, or close them.',
    }),
    speed: z
      .union([z.number().min(0.1, noSpeed).max(1000, noSpeed), z.literal('max')], { error: noSpeed })
      .default(1)
      .meta({
        title: 'Speed',
        description: 'Times real time, or max: as fast as clients read.',
        examples: [1, 10, 'max'],
      }),
    pacing: z.enum(['economical', 'precise']).default('economical').meta({
      title: 'Pacing',
      description:
        'economical wakes within a millisecond or so; precise sleeps in a thread of its own and wakes within some tenths of one.',
    }),
    startOn: z.enum(['connected', 'subscribed', 'command']).default('subscribed').meta({
      title: 'Start on',
      description:
        'What starts the tape: the first connection, the first subscription, or a command of the admin API or of a program.',
    }),
    timestamps: z.enum(['original', 'shifted', 'now']).default('original').meta({
      title: 'Timestamps',
      description:
        'As recorded; moved by whole minutes so that the tape starts less than a minute ago; or the moment of sending.',
    }),
    maxIdle: duration.optional().meta({
      title: 'Longest silence',
      description: 'Longer silences of the market (nights, weekends) are cut to this; kept when absent.',
      examples: ['2s', '1m'],
    }),
    backpressure: z.enum(['pause', 'drop', 'disconnect']).default('pause').meta({
      title: 'Backpressure',
      description:
        'When a client reads too slowly: drop what it has no room for, disconnect it, or, at speed max, pause the tape for it; at other speeds pause disconnects.',
    }),
    frameWindow: duration.prefault('1ms').meta({
      title: 'Frame window',
      description: 'Events of one window share a frame; 0s = only events of the same instant.',
      examples: ['1ms', '0s', '20ms'],
    }),
    startAt: instant.optional().meta({ title: 'Start at', description: 'Where on the tape the first pass begins.' }),
  })
  .superRefine(({ mode, range }, context) => {
    if (mode === 'date_range' && range === undefined) {
      context.addIssue({ code: 'custom', message: 'needs a range; add replay.range with from and to', path: ['mode'] });
    }
    if (mode !== 'date_range' && range !== undefined) {
      context.addIssue({
        code: 'custom',
        message: 'belongs to mode date_range; set that mode or remove it',
        path: ['range'],
      });
    }
  })
  .meta({
    title: 'Replay',
    description: 'How the tapes are played.',
    examples: [{ mode: 'single_pass', speed: 10, startOn: 'connected' }],
  });

const count = z.int().min(1);

const keySchema = z
  .strictObject({
    key: z
      .string()
      .min(1)
      .meta({ title: 'Key', description: 'The API key a client presents.', examples: ['PKTEST1'] }),
    secret: z
      .string()
      .optional()
      .meta({ title: 'Secret', description: 'Any secret is accepted when absent.', examples: ['s3cret'] }),
    plan: z
      .string()
      .optional()
      .meta({
        title: 'Plan',
        description: "One of the exchange's plans; its default when absent.",
        examples: ['basic'],
      }),
    sessions: count
      .optional()
      .meta({ title: 'Sessions', description: "At a time and stream; the plan's when absent.", examples: [1] }),
    symbols: count
      .optional()
      .meta({ title: 'Symbols', description: "Most it may hold; the plan's when absent.", examples: [30] }),
  })
  .meta({ title: 'Key', description: 'An API key and what it may do.' });

const limitsSchema = z
  .strictObject({
    outbox: byteSize.prefault('1MiB').meta({
      title: 'Outbox',
      description: 'Bytes that may wait for one client before it counts as slow.',
    }),
    message: byteSize.prefault('1MiB').meta({ title: 'Message', description: 'Largest message a client may send.' }),
    connectsPerMinute: count.optional().meta({
      title: 'Connects per minute',
      description: 'Per client address; more are answered with HTTP 429. No limit when absent.',
      examples: [60],
    }),
    sessions: count
      .optional()
      .meta({ title: 'Sessions', description: 'Overrides the sessions of every plan.', examples: [3] }),
    symbols: count
      .optional()
      .meta({ title: 'Symbols', description: 'Overrides the symbol limit of every plan.', examples: [100] }),
    heldSymbols: count.default(100_000).meta({
      title: 'Held symbols',
      description: 'Most symbols one session may hold, over all channels and whatever its plan; more answer 405.',
    }),
    stall: duration.prefault('10s').meta({
      title: 'Stall',
      description: 'How long a paused tape waits for a stuck reader before it is treated as a slow client.',
    }),
  })
  .meta({
    title: 'Limits',
    description: 'What the server allows a client.',
    examples: [{ outbox: '4MiB', connectsPerMinute: 60 }],
  });

/** A scenario after its file is read: what plays, how, for whom, within which limits. */
export const scenarioSchema = z
  .strictObject({
    apiVersion: z
      .literal('papertape/v1')
      .default('papertape/v1')
      .meta({ title: 'Version', description: 'Of this format.' }),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'not a name; use letters, digits, dots, dashes and underscores')
      .meta({ title: 'Name', description: 'How logs and reports call it.', examples: ['market-open'] }),
    description: z
      .string()
      .optional()
      .meta({
        title: 'Description',
        description: 'What a client learns from it.',
        examples: ['Ten minutes of opening rush.'],
      }),
    seed: z
      .int()
      .default(1)
      .meta({ title: 'Seed', description: 'The only source of chance.', examples: [1, 20250401] }),
    tapes: z
      .array(tapeSchema)
      .min(1, 'empty; name at least one tape')
      .meta({
        title: 'Tapes',
        description: 'What is played, merged in time order. Each entry has exactly one key: the kind of tape.',
        examples: [[{ synthetic: { symbols: ['AAPL', 'BTC/USD'] } }, { file: 'tapes/open.ndjson.gz' }]],
      }),
    replay: replaySchema.prefault({}),
    endpoints: endpointsSchema.optional(),
    keys: z
      .array(keySchema)
      .min(1, 'empty; list a key, or leave keys out to accept any')
      .superRefine((list, context) => {
        for (const [index, { key }] of list.entries()) {
          if (list.findIndex((one) => one.key === key) === index) continue;
          context.addIssue({ code: 'custom', path: [index, 'key'], message: 'listed twice; keep one of the two' });
        }
      })
      .optional()
      .meta({
        title: 'Keys',
        description: 'The keys that may log in; any key when absent.',
        examples: [[{ key: 'PKTEST1', secret: 's3cret', plan: 'basic' }]],
      }),
    limits: limitsSchema.prefault({}),
    timeline: timelineSchema.default([]),
    rules: rulesSchema.default([]),
    expect: expectSchemas.default([]),
  })
  .superRefine((scenario, context) => {
    crossCheck(scenario, (path, message) => context.addIssue({ code: 'custom', path: [...path], message }));
  })
  .meta({ title: 'Papertape scenario v1', description: 'A market that plays, and how it behaves to its clients.' });

export type Scenario = z.output<typeof scenarioSchema>;

/** A scenario as a file spells it, before defaults: durations, sizes and instants are text. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
