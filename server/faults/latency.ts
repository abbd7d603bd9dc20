import { z } from 'zod';
import { bell } from '../../market/chance.ts';
import { duration, formatDuration } from '../../market/duration.ts';
import { type Chance, faultKind } from './fault.ts';

const distributions = ['fixed', 'uniform', 'normal', 'lognormal', 'pareto'] as const;

/** A slow way to the client, whose bytes keep their order: does it take what is late for old, or what is old for new? */
export const latency = faultKind({
  options: z
    .strictObject({
      mean: duration
        .refine((span) => span > 0n, 'no latency; make it longer than 0s')
        .meta({ title: 'Mean', description: 'How late on average.', examples: ['40ms'] }),
      jitter: duration.prefault('0s').meta({
        title: 'Jitter',
        description: 'How much it varies: its standard deviation; of uniform, the most to either side.',
        examples: ['15ms'],
      }),
      distribution: z
        .enum(distributions)
        .default('normal')
        .meta({
          title: 'Distribution',
          description: 'How it varies; lognormal and pareto are seldom, but then much, later than their mean.',
          examples: ['normal', 'pareto'],
        }),
    })
    .refine(({ jitter, distribution }) => distribution !== 'fixed' || jitter === 0n, {
      error: 'jitter of a fixed latency; leave it out, or use uniform, normal, lognormal or pareto',
      path: ['jitter'],
    })
    .refine(({ mean, jitter, distribution }) => jitter <= mean || !['uniform', 'normal'].includes(distribution), {
      error: 'more than the mean, which would be early; use less, or distribution lognormal or pareto',
      path: ['jitter'],
    })
    .meta({
      title: 'Latency',
      description: 'What the exchange sends arrives late, in its order.',
      examples: [{ mean: '40ms', jitter: '15ms', distribution: 'normal' }, { mean: '200ms' }],
    }),
  counts: 'connection',
  explain: ({ mean, jitter, distribution }) =>
    `what is sent arrives ${formatDuration(mean)} late${jitter === 0n ? '' : `, give or take ${formatDuration(jitter)} (${distribution})`}`,
  open: ({ mean, jitter, distribution }, circumstances) => {
    const draw = jitter === 0n ? () => Number(mean) : draws[distribution](Number(mean), Number(jitter));
    return { line: { delay: () => circumstances.wall(BigInt(Math.max(0, Math.round(draw(circumstances.chance))))) } };
  },
});

/** Draws of a mean and a standard deviation, in nanoseconds. */
type Draws = (mean: number, deviation: number) => (chance: Chance) => number;

const draws: Readonly<Record<(typeof distributions)[number], Draws>> = {
  fixed: (mean) => () => mean,
  uniform: (mean, most) => (chance) => mean + most * (2 * chance.next() - 1),
  normal: (mean, deviation) => (chance) => mean + deviation * bell(chance.word()),
  lognormal(mean, deviation) {
    const variance = Math.log1p((deviation / mean) ** 2);
    const [middle, spread] = [Math.log(mean) - variance / 2, Math.sqrt(variance)];
    return (chance) => Math.exp(middle + spread * bell(chance.word()));
  },
  pareto(mean, deviation) {
    // The shape and the least value of which mean and deviation are those given.
    const shape = 1 + Math.sqrt(1 + (mean / deviation) ** 2);
    const least = (mean * (shape - 1)) / shape;
    return (chance) => least / (1 - chance.next()) ** (1 / shape);
  },
};
