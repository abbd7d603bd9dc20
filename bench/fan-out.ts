import { dialects, type Vendor } from './dialects.ts';
import type { Audience, Contender, Lane } from './lane.ts';
import type { Sample } from './pit.ts';
import { race, ratio, type Samples } from './race.ts';
import type { Finding } from './report.ts';

/** Rows 1 to 6 and 14: events at speed max to a receiver that only counts. */
interface Heat {
  readonly rows: readonly string[];
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
): Lane => ({ name, vendor: 'alpaca', contender, clients, events, audience, ...(passes > 1 ? { passes } : {}) });

/** Events the product writes at once while few listen. The goals were set against writes of 512, so both are told. */
const bigWrite = 2048;

/** How rows and lanes of a vendor are called: `1p`, `Polygon: 100 clients`. */
const names: Readonly<Record<Vendor, { readonly letter: string; readonly who: string }>> = {
  alpaca: { letter: '', who: '' },
  polygon: { letter: 'p', who: 'Polygon: ' },
  twelvedata: { letter: 't', who: 'Twelve Data: ' },
};

type Scaled = (events: number) => number;

/** The bigger the scale the longer a run, and the steadier its figures. */
const heats = (scale: number): readonly Heat[] => {
  const of = (events: number): number => Math.ceil((events * scale) / 512) * 512;
  return [
    crowd('alpaca', of),
    thousand(of),
    alone('alpaca', of),
    loops(of),
    tastes(of),
    faults(of),
    ...(['polygon', 'twelvedata'] as const).flatMap((vendor) => [crowd(vendor, of), alone(vendor, of)]),
  ];
};

/** Rows 1 and 2: a hundred clients of one subscription. */
function crowd(vendor: Vendor, of: Scaled): Heat {
  const { letter, who } = names[vendor];
  const [row1, row2] = [`1${letter}`, `2${letter}`];
  const all = `${who}100 clients`;
  // Long enough for V8 to have compiled what encodes.
  const live = lane(all, 'papertape', 100, of(vendor === 'alpaca' ? 400_000 : 200_000));
  const lanes: Lane[] = [
    live,
    lane(`${all}, later loops`, 'papertape', 100, of(50_000), 'same', 4),
    lane(`${all}, naive ws`, 'naive', 100, of(1_000)),
    lane(`${all}, raw TCP`, 'raw', 100, of(150_000)),
    { ...lane(`${all}, raw TCP in big writes`, 'raw', 100, of(150_000)), perWrite: bigWrite },
  ];
  if (!dialects[vendor].single) lanes.push(lane(`${all}, batched ws`, 'batched', 100, of(100_000)));
  if (vendor === 'alpaca') lanes.push({ ...live, name: `${all}, all vendors answer`, besides: true });
  return {
    rows: [row1, row2],
    lanes: lanes.map((one) => ({ ...one, vendor })),
    findings: (samples) => {
      const raw = `${all}, raw TCP`;
      const later = `${all}, later loops`;
      const big = `${all}, raw TCP in big writes`;
      return [
        atLeast(row1, `${all}, live encoding / raw TCP`, 0.9, 0.7, samples, all, raw),
        atLeast(row1, '… later loops / raw TCP', 0.9, 0.7, samples, later, raw),
        told(row1, `${all}, live encoding / raw TCP in big writes`, samples, all, big),
        told(row1, '… later loops / raw TCP in big writes', samples, later, big),
        ...besides(row1, all, samples),
        atLeast(row2, `${all} / naive ws`, 140, 80, samples, all, `${all}, naive ws`),
        ...batched(row2, all, samples),
      ];
    },
  };
}

/** Row 3. */
function thousand(of: Scaled): Heat {
  return {
    rows: ['3'],
    lanes: [
      lane('1000 clients', 'papertape', 1000, of(12_000)),
      lane('1000 clients, raw TCP', 'raw', 1000, of(12_000)),
    ],
    findings: (samples) => [
      atLeast('3', '1000 clients / raw TCP', 0.85, 0.6, samples, '1000 clients', '1000 clients, raw TCP'),
    ],
  };
}

/** Row 4: every event is encoded for one client. */
function alone(vendor: Vendor, of: Scaled): Heat {
  const { letter, who } = names[vendor];
  const row = `4${letter}`;
  const one = `${who}1 client`;
  const live = lane(one, 'papertape', 1, of(400_000));
  const lanes: Lane[] = [live, lane(`${one}, naive ws`, 'naive', 1, of(60_000))];
  if (!dialects[vendor].single) lanes.push(lane(`${one}, batched ws`, 'batched', 1, of(400_000)));
  if (vendor === 'alpaca') lanes.push({ ...live, name: `${one}, all vendors answer`, besides: true });
  return {
    rows: [row],
    lanes: lanes.map((each) => ({ ...each, vendor })),
    findings: (samples) => [
      atLeast(row, `${one}, live encoding / naive ws`, 11, 8, samples, one, `${one}, naive ws`),
      ...batched(row, one, samples),
      ...besides(row, one, samples),
    ],
  };
}

/** Row 5. */
function loops(of: Scaled): Heat {
  const [later, raw] = ['1 client, later loops', '1 client, raw TCP'];
  return {
    rows: ['5'],
    lanes: [
      lane(later, 'papertape', 1, of(150_000), 'same', 30),
      lane(raw, 'raw', 1, of(150_000), 'same', 30),
      { ...lane(`${raw} in big writes`, 'raw', 1, of(150_000), 'same', 30), perWrite: bigWrite },
    ],
    findings: (samples) => [
      atLeast('5', `${later} / raw TCP`, 0.85, 0.4, samples, later, raw),
      told('5', '… / raw TCP in big writes', samples, later, `${raw} in big writes`),
    ],
  };
}

/** Row 6: not everyone wants the same. */
function tastes(of: Scaled): Heat {
  const [ten, hundred] = ['10 subscriptions', '100 subscriptions'];
  return {
    rows: ['6'],
    lanes: [
      lane(ten, 'papertape', 100, of(150_000), 'ten'),
      lane(`${ten}, raw TCP`, 'raw', 100, of(150_000)),
      lane(hundred, 'papertape', 100, of(60_000), 'distinct'),
      lane(`${hundred}, naive ws`, 'naive', 100, of(2_000), 'distinct'),
    ],
    findings: (samples) => [
      atLeast('6', `100 clients with ${ten} / raw TCP`, 0.5, 0.3, samples, ten, `${ten}, raw TCP`),
      atLeast('6', `100 clients with ${hundred} / naive ws`, 30, 20, samples, hundred, `${hundred}, naive ws`),
    ],
  };
}

/** Row 14: what faults cost those they are not aimed at, and those they are. */
function faults(of: Scaled): Heat {
  const [crowded, single] = ['10 clients', '1 client alone'];
  const [armed, oneOfTen, struck] = ['10 faults armed', 'a fault on one of them', 'a fault on it'];
  const ten = lane(crowded, 'papertape', 10, of(400_000));
  const one = lane(single, 'papertape', 1, of(400_000));
  return {
    rows: ['14'],
    lanes: [
      ten,
      { ...ten, name: `${crowded}, ${armed}`, faults: 'ten-armed' },
      { ...ten, name: `${crowded}, ${oneOfTen}`, faults: 'on-one' },
      one,
      { ...one, name: `${single}, ${struck}`, faults: 'on-one' },
    ],
    findings: (samples) => [
      atLeast('14', `${crowded}, ${armed} / none`, 0.97, 0.92, samples, `${crowded}, ${armed}`, crowded),
      told('14', `${crowded}, ${oneOfTen} / on none`, samples, `${crowded}, ${oneOfTen}`, crowded),
      told('14', `${single}, ${struck} / none`, samples, `${single}, ${struck}`, single),
    ],
  };
}

/** What many events a frame reach, where the vendor has such frames. */
function batched(row: string, ours: string, samples: Samples): readonly Finding[] {
  const theirs = `${ours}, batched ws`;
  return samples.has(theirs) ? [told(row, '… / batched ws', samples, ours, theirs)] : [];
}

/** What it costs these clients that the other vendors answer as well, where that was measured. */
function besides(row: string, ours: string, samples: Samples): readonly Finding[] {
  const crowded = `${ours}, all vendors answer`;
  return samples.has(crowded) ? [told(row, `${crowded} / Alpaca alone`, samples, crowded, ours)] : [];
}

/** A ratio without a goal. */
function told(row: string, what: string, samples: Samples, ours: string, theirs: string): Finding {
  return atLeast(row, what, undefined, undefined, samples, ours, theirs);
}

function atLeast(
  row: string,
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
export function fanOutLanes(rows: ReadonlySet<string>, scale: number): readonly Lane[] {
  return heats(scale).flatMap((heat) => (heat.rows.some((row) => rows.has(row)) ? heat.lanes : []));
}

export async function measureFanOut(
  rows: ReadonlySet<string>,
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
