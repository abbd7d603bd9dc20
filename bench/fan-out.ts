import type { Audience, Contender, Lane } from './lane.ts';
import type { Sample } from './pit.ts';
import { race, ratio, type Samples } from './race.ts';
import type { Finding } from './report.ts';

/** Rows 1 to 6: events at speed max to a receiver that only counts. */
interface Heat {
  readonly rows: readonly number[];
  readonly lanes: readonly Lane[];
  findings(samples: Samples): readonly Finding[];
}

const lane = (
  name: string,
  contender: Contender,
  clients: number,
  events: number,
  audience: Audience = 'same',
  passes = 1,
): Lane => ({ name, contender, clients, events, audience, ...(passes > 1 ? { passes } : {}) });

/** Events the product writes at once while few listen. The goals were set against writes of 512, so both are told. */
const bigWrite = 2048;

/** The bigger the scale the longer a run, and the steadier its figures. */
const heats = (scale: number): readonly Heat[] => {
  const of = (events: number): number => Math.ceil((events * scale) / 512) * 512;
  return [
    {
      rows: [1, 2],
      lanes: [
        // Long enough for V8 to have compiled what encodes.
        lane('100 clients', 'papertape', 100, of(400_000)),
        lane('100 clients, later loops', 'papertape', 100, of(50_000), 'same', 4),
        lane('100 clients, naive ws', 'naive', 100, of(1_000)),
        lane('100 clients, batched ws', 'batched', 100, of(100_000)),
        lane('100 clients, raw TCP', 'raw', 100, of(150_000)),
        { ...lane('100 clients, raw TCP in big writes', 'raw', 100, of(150_000)), perWrite: bigWrite },
      ],
      findings: (samples) => [
        atLeast(1, '100 clients, live encoding / raw TCP', 0.9, 0.7, samples, '100 clients', '100 clients, raw TCP'),
        atLeast(1, '… later loops / raw TCP', 0.9, 0.7, samples, '100 clients, later loops', '100 clients, raw TCP'),
        told(
          1,
          '100 clients, live encoding / raw TCP in big writes',
          samples,
          '100 clients',
          '100 clients, raw TCP in big writes',
        ),
        told(
          1,
          '… later loops / raw TCP in big writes',
          samples,
          '100 clients, later loops',
          '100 clients, raw TCP in big writes',
        ),
        atLeast(2, '100 clients / naive ws', 140, 80, samples, '100 clients', '100 clients, naive ws'),
        told(2, '… / batched ws', samples, '100 clients', '100 clients, batched ws'),
      ],
    },
    {
      rows: [3],
      lanes: [
        lane('1000 clients', 'papertape', 1000, of(12_000)),
        lane('1000 clients, raw TCP', 'raw', 1000, of(12_000)),
      ],
      findings: (samples) => [
        atLeast(3, '1000 clients / raw TCP', 0.85, 0.6, samples, '1000 clients', '1000 clients, raw TCP'),
      ],
    },
    {
      rows: [4],
      lanes: [
        lane('1 client', 'papertape', 1, of(400_000)),
        lane('1 client, naive ws', 'naive', 1, of(60_000)),
        lane('1 client, batched ws', 'batched', 1, of(400_000)),
      ],
      findings: (samples) => [
        atLeast(4, '1 client, live encoding / naive ws', 11, 8, samples, '1 client', '1 client, naive ws'),
        told(4, '… / batched ws', samples, '1 client', '1 client, batched ws'),
      ],
    },
    {
      rows: [5],
      lanes: [
        lane('1 client, later loops', 'papertape', 1, of(150_000), 'same', 30),
        lane('1 client, raw TCP', 'raw', 1, of(150_000), 'same', 30),
        { ...lane('1 client, raw TCP in big writes', 'raw', 1, of(150_000), 'same', 30), perWrite: bigWrite },
      ],
      findings: (samples) => [
        atLeast(5, '1 client, later loops / raw TCP', 0.85, 0.4, samples, '1 client, later loops', '1 client, raw TCP'),
        told(5, '… / raw TCP in big writes', samples, '1 client, later loops', '1 client, raw TCP in big writes'),
      ],
    },
    {
      rows: [6],
      lanes: [
        lane('10 subscriptions', 'papertape', 100, of(150_000), 'ten'),
        lane('10 subscriptions, raw TCP', 'raw', 100, of(150_000)),
        lane('100 subscriptions', 'papertape', 100, of(60_000), 'distinct'),
        lane('100 subscriptions, naive ws', 'naive', 100, of(2_000), 'distinct'),
      ],
      findings: (samples) => [
        atLeast(
          6,
          '100 clients with 10 subscriptions / raw TCP',
          0.5,
          0.3,
          samples,
          '10 subscriptions',
          '10 subscriptions, raw TCP',
        ),
        atLeast(
          6,
          '100 clients with 100 subscriptions / naive ws',
          30,
          20,
          samples,
          '100 subscriptions',
          '100 subscriptions, naive ws',
        ),
      ],
    },
  ];
};

/** A ratio without a goal. */
function told(row: number, what: string, samples: Samples, ours: string, theirs: string): Finding {
  return atLeast(row, what, undefined, undefined, samples, ours, theirs);
}

function atLeast(
  row: number,
  what: string,
  goal: number | undefined,
  floor: number | undefined,
  samples: Samples,
  ours: string,
  theirs: string,
): Finding {
  const cpu = ratio(samples, theirs, ours, 'cpu');
  return {
    row,
    what,
    sense: '≥',
    goal,
    floor,
    reached: ratio(samples, ours, theirs, 'rate'),
    note: `CPU ${cpu.toFixed(2)}`,
  };
}

/** Lanes of the rows asked for. */
export function fanOutLanes(rows: ReadonlySet<number>, scale: number): readonly Lane[] {
  return heats(scale).flatMap((heat) => (heat.rows.some((row) => rows.has(row)) ? heat.lanes : []));
}

export async function measureFanOut(
  rows: ReadonlySet<number>,
  rounds: number,
  scale: number,
  flags: readonly string[],
): Promise<{ readonly findings: Finding[]; readonly samples: Samples }> {
  const findings: Finding[] = [];
  const all = new Map<string, readonly Sample[]>();
  for (const heat of heats(scale)) {
    if (!heat.rows.some((row) => rows.has(row))) continue;
    const samples = await race(heat.lanes, rounds, flags);
    findings.push(...heat.findings(samples));
    for (const [name, ofLane] of samples) all.set(name, ofLane);
  }
  return { findings, samples: all };
}
