import { z } from 'zod';
import { duration } from '../../market/duration.ts';
import { channels } from '../../market/event.ts';
import { milli } from '../../market/nanos.ts';
import { expectationSchema } from '../expectations/index.ts';
import { faultSchema } from '../faults/index.ts';
import { marketMoment } from './market-moment.ts';

/** How steps are called, so that others, and reports, can speak of them. */
export const stepId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'not an id; use letters, digits, dashes and underscores')
  .meta({ title: 'Id', description: 'How reports, and other steps, call it.', examples: ['mute', 'storm'] });

const count = z.int().min(1);

const targetSchema = z
  .strictObject({
    endpoint: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: 'Endpoint',
        description: 'An exchange, or one path of it; every exchange when absent.',
        examples: ['alpaca', 'alpaca/v2/iex', 'polygon/v2/aggs'],
      }),
    sessions: z
      .union([z.enum(['oldest', 'newest']), z.array(count).min(1)], {
        error: 'not sessions; use oldest, newest, or a list of their numbers',
      })
      .optional()
      .meta({
        title: 'Sessions',
        description:
          'Only the oldest or the newest session, or those of these numbers, counted from 1 as they connect; all when absent.',
        examples: ['newest', [1]],
      }),
    key: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'Key', description: 'Only clients with this API key.', examples: ['PKTEST1'] }),
    symbols: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({
        title: 'Symbols',
        description: 'Only events of these, and subscriptions to them by name; one to * names none.',
        examples: [['AAPL']],
      }),
    channels: z
      .array(z.enum(channels))
      .min(1)
      .optional()
      .meta({
        title: 'Channels',
        description: 'Only events of these kinds, and subscriptions to them.',
        examples: [['trade', 'quote']],
      }),
  })
  .meta({
    title: 'Target',
    description: 'Whom, and what, the fault is aimed at; everybody and everything when absent.',
    examples: [{ endpoint: 'alpaca', symbols: ['AAPL'] }],
  });

/** How long a fault lasts, how often it strikes, and whom. */
export const lasting = {
  for: z
    .union([duration, z.literal('run')], { error: 'expected a duration such as 25s, or run' })
    .optional()
    .meta({
      title: 'For',
      description: 'How long it lasts, in tape time, so that a faster tape shortens it; run = until the run ends.',
      examples: ['25s', 'run'],
    }),
  times: count
    .optional()
    .meta({ title: 'Times', description: 'It is over when it has struck so often.', examples: [3] }),
  probability: z
    .number()
    .gt(0, 'never strikes; use more than 0, up to 1')
    .max(1, 'more than certain; use a number up to 1')
    .default(1)
    .meta({ title: 'Probability', description: 'Of striking each time it could.', examples: [0.02] }),
  per: z.enum(['message', 'connection']).default('message').meta({
    title: 'Per',
    description:
      'Whether the probability is drawn for every message, or once for a connection and then holds for all of it.',
  }),
  realtime: z.boolean().default(false).meta({
    title: 'Real time',
    description: 'Its times are those of the wall clock, whatever the speed of the tape.',
  }),
  target: targetSchema.optional(),
};

const stepSchema = z
  .strictObject({
    id: stepId,
    at: duration.optional().meta({
      title: 'At',
      description: 'So long after the tape began to play, in tape time, or, with realtime, by the wall clock.',
      examples: ['0s', '30s'],
    }),
    market: marketMoment.optional().meta({ title: 'Market', examples: ['open+30s', '09:31:00'] }),
    after: z
      .string()
      .optional()
      .meta({ title: 'After', description: 'When the step of this id is over.', examples: ['mute'] }),
    plus: duration
      .optional()
      .meta({ title: 'Plus', description: 'So long after that, in tape time; at once when absent.', examples: ['5s'] }),
    inject: faultSchema,
    ...lasting,
  })
  .superRefine(({ at, market, after, plus }, context) => {
    const named = [at, market, after].filter((one) => one !== undefined).length;
    if (named !== 1) {
      const message =
        named === 0
          ? 'does not say when; add at, market or after'
          : 'says twice when; keep one of at, market and after';
      context.addIssue({ code: 'custom', message });
    }
    if (plus !== undefined && after === undefined) {
      context.addIssue({ code: 'custom', path: ['plus'], message: 'belongs to after; add after, or use at instead' });
    }
  })
  .meta({
    title: 'Step',
    description: 'Something that goes wrong once, at its time.',
    examples: [{ id: 'mute', at: '30s', for: '25s', inject: { mute: {} } }],
  });

const often = (what: string) =>
  z
    .strictObject({
      nth: count.optional().meta({ title: 'Nth', description: `Only this ${what}, counted from 1.`, examples: [3] }),
      every: count.optional().meta({ title: 'Every', description: `Every so many ${what}s.`, examples: [500] }),
    })
    .refine(
      ({ nth, every }) => (nth === undefined) !== (every === undefined),
      'does not say how often; say either nth or every',
    );

/** What a client may do that sets off a rule. */
export const clientActions = ['login', 'subscribe', 'unsubscribe', 'ping', 'request'] as const;

const triggers = {
  interval: duration
    .refine((span) => span >= milli, 'too often; make it 1ms or longer')
    .meta({ title: 'Interval', description: 'Again and again after so much tape time.', examples: ['2h'] }),
  market: marketMoment.meta({ title: 'Market', examples: ['09:31:00'] }),
  message: often('event').meta({
    title: 'Message',
    description: 'By the events a session hears that the target names.',
    examples: [{ every: 500 }],
  }),
  rate: z
    .strictObject({
      above: z
        .string()
        .regex(/^[1-9]\d*\/s$/, 'not a rate; use a number of events a second such as 800/s')
        .transform((text) => Number.parseInt(text, 10))
        .meta({ title: 'Above', description: 'Events in a second of tape time.', examples: ['800/s'] }),
    })
    .meta({ title: 'Rate', description: 'While a session hears more than so much.', examples: [{ above: '800/s' }] }),
  connection: often('connection').meta({
    title: 'Connection',
    description: 'By connections, counted over the run.',
    examples: [{ nth: 3 }],
  }),
  client: z
    .strictObject({
      does: z
        .enum(clientActions)
        .meta({ title: 'Does', description: 'What the client does.', examples: ['subscribe'] }),
      nth: count.optional().meta({ title: 'Nth', description: 'Only this time, counted over the run.', examples: [2] }),
      every: count.optional().meta({ title: 'Every', description: 'Every so many times.', examples: [5] }),
    })
    .refine(({ nth, every }) => nth === undefined || every === undefined, 'says nth and every; keep one of them')
    .meta({ title: 'Client', description: 'When a client does something.', examples: [{ does: 'subscribe', nth: 2 }] }),
};

const ruleSchema = z
  .strictObject({
    id: stepId,
    when: z
      .strictObject(triggers)
      .partial()
      .refine((when) => Object.values(when).filter((one) => one !== undefined).length === 1, {
        error: `must name exactly one trigger; use one of ${Object.keys(triggers).join(', ')}`,
      })
      .optional()
      .meta({
        title: 'When',
        description: 'What sets it off, each time again: exactly one trigger; all the time when absent.',
        examples: [{ message: { every: 500 } }],
        minProperties: 1,
        maxProperties: 1,
      }),
    inject: faultSchema,
    ...lasting,
  })
  .meta({
    title: 'Rule',
    description: 'Something that goes wrong whenever its trigger says so.',
    examples: [{ id: 'dirty', when: { message: { every: 500 } }, inject: { drop: {} } }],
  });

const expectSchema = z
  .strictObject({
    id: stepId,
    must: expectationSchema,
    after: z
      .string()
      .optional()
      .meta({ title: 'After', description: 'From when the step of this id begins.', examples: ['reset'] }),
    during: z
      .string()
      .optional()
      .meta({ title: 'During', description: 'Only while the step of this id lasts.', examples: ['storm'] }),
    severity: z
      .enum(['error', 'warn'])
      .default('error')
      .meta({ title: 'Severity', description: 'Whether a client that fails it fails the run.' }),
    target: targetSchema
      .pick({ endpoint: true, key: true, symbols: true, channels: true })
      .optional()
      .meta({
        title: 'Target',
        description: 'Whom, and what, it is about; everybody and everything when absent.',
        examples: [{ endpoint: 'alpaca' }],
      }),
  })
  .refine(({ after, during }) => after === undefined || during === undefined, 'says after and during; keep one of them')
  .meta({
    title: 'Expectation',
    description: 'What the client must do.',
    examples: [{ id: 'back', after: 'reset', must: { reconnect: { within: '5s' } } }],
  });

export const timelineSchema = z.array(stepSchema).meta({
  title: 'Timeline',
  description: 'What goes wrong when, once.',
  examples: [[{ id: 'mute', at: '30s', for: '25s', inject: { mute: {} } }]],
});
export const rulesSchema = z.array(ruleSchema).meta({
  title: 'Rules',
  description: 'What goes wrong whenever.',
  examples: [[{ id: 'dirty', when: { message: { every: 500 } }, inject: { drop: {} } }]],
});
export const expectSchemas = z.array(expectSchema).meta({
  title: 'Expectations',
  description: 'What the client must do.',
  examples: [[{ id: 'back', after: 'reset', must: { reconnect: { within: '5s' } } }]],
});

export type Target = z.output<typeof targetSchema>;
export type Step = z.output<typeof stepSchema>;
export type Rule = z.output<typeof ruleSchema>;
export type Trigger = NonNullable<Rule['when']>;
export type Expect = z.output<typeof expectSchema>;
