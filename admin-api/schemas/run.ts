import { z } from 'zod';
import { instant } from './common.ts';

export const speed = z
  .union([z.number().min(0.1).max(1000), z.literal('max')], { error: 'expected 0.1 to 1000, or max' })
  .meta({ description: 'How many times as fast as the market was, or max.', examples: [1, 10, 'max'] });

/** How the deck of a run may stand. */
export const phases = ['waiting', 'playing', 'paused', 'ended', 'broken'] as const;

export const runView = z
  .strictObject({
    id: z.string(),
    scenario: z.string().meta({ description: 'Name that the scenario gives itself.' }),
    description: z.string().optional(),
    seed: z.int(),
    phase: z
      .enum(phases)
      .meta({ description: 'waiting: for its first client, or for play. broken: a tape could not be read on.' }),
    speed,
    pass: z.int().meta({ description: 'Which pass of the tape, from 1.' }),
    position: instant.optional().meta({ description: 'Market time under the needle; absent before the first event.' }),
    from: instant.meta({ description: 'Market time of the first event.' }),
    to: instant.meta({ description: 'Market time of the last event.' }),
    opened: instant.meta({ description: 'When it was opened, or reset. Wall time.' }),
    sessions: z.int().meta({ description: 'Clients that are connected.' }),
    faults: z.int().meta({ description: 'Faults that are live.' }),
    url: z.string().meta({ description: 'What comes before a vendor path for WebSockets.' }),
    httpUrl: z.string().meta({ description: 'What comes before a vendor path for HTTP.' }),
    streams: z.record(z.string(), z.string()).meta({ description: 'Whole URL of every stream, by its path.' }),
    key: z.string().meta({ description: 'A key that is good here; it also finds the run without the prefix.' }),
    secret: z.string(),
    env: z.record(z.string(), z.string()).meta({ description: 'Variables by which SDKs find the run unchanged.' }),
  })
  .meta({ id: 'Run' });
export type RunView = z.infer<typeof runView>;

export const openedRun = runView
  .extend({
    warnings: z.array(z.string()).meta({
      description:
        'What whoever opened it should know although it stops nothing, such as a key that leads to another run.',
    }),
  })
  .meta({ id: 'OpenedRun' });
export type OpenedRun = z.infer<typeof openedRun>;

export const newRun = z
  .strictObject({
    scenario: z
      .union([z.string().min(1), z.looseObject({})])
      .default('default')
      .meta({
        description: 'Name of a scenario, or a scenario itself: YAML text, or an object as a file would spell it.',
        examples: ['default', { name: 'mine', tapes: [{ synthetic: { symbols: ['AAPL'] } }] }],
      }),
    id: z
      .string()
      .optional()
      .meta({ description: 'A name of up to 64 letters, digits, - and _; made up when absent.', examples: ['ci-17'] }),
    seed: z.int().min(0).optional().meta({ description: 'Instead of the scenario’s own.' }),
    play: z.boolean().default(false).meta({ description: 'Plays at once, whatever the scenario waits for.' }),
  })
  .meta({ id: 'NewRun' });
export type NewRun = z.input<typeof newRun>;
/** Nothing at all asks for what an empty object asks for. */
export const runAsked = newRun.nullish().transform((given) => given ?? newRun.parse({}));

export const speedChange = z.strictObject({ speed });
export const seekTo = z.strictObject({
  to: z.string().meta({
    description: 'A market instant, or a time of day in New York on the day that is under the needle.',
    examples: ['2026-07-01T13:30:00Z', '09:30', '10:15:30'],
  }),
});
export const stepBy = z
  .strictObject({ what: z.enum(['event', 'bar']) })
  .partial()
  .nullish()
  .transform((given) => ({ what: given?.what ?? 'event' }));
