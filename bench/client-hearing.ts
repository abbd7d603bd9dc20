import type { Heard, HearerOrder } from './hearer.ts';
import type { HearingOrder } from './hearing-server.ts';
import { Worker } from './pit.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';
import { tradesOf } from './tape.ts';

const trades = 400_000;

/** Row 11: from the socket to events that are typed and checked, against `ws` and JSON.parse alone, for frames of 1, 10 and 100 trades. */
export async function measureClientHearing(
  rounds: number,
  scale: number,
  flags: readonly string[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const perFrame of [1, 10, 100])
    findings.push(await measure(perFrame, rounds, Math.round(trades * scale), flags));
  return findings;
}

async function measure(perFrame: number, rounds: number, count: number, flags: readonly string[]): Promise<Finding> {
  using server = new Worker('hearing-server', 0);
  const { port } = await server.ask<{ port: number }>({ trades: count, perFrame } satisfies HearingOrder);
  using parser = new Worker('hearer', 1);
  using hearer = new Worker('hearer', 1, flags);
  const worth = tradesOf(count).reduce((sum, { price, size }) => sum + price * size, 0);
  const run = async (worker: Worker, how: HearerOrder['how']): Promise<Heard> => {
    const heard = await worker.ask<Heard>({ how, port, trades: count } satisfies HearerOrder);
    // The same numbers in the same order have the same sum, to the last bit.
    if (heard.trades !== count || heard.worth !== worth || heard.unreadable !== 0) {
      throw new Error(`${how} heard ${JSON.stringify(heard)} instead of ${count} trades worth ${worth}`);
    }
    return heard;
  };
  const [ratios, cpu, ours, theirs]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round <= rounds; round++) {
    const [parsed, heard] = [await run(parser, 'parse'), await run(hearer, 'hear')];
    process.stderr.write('.');
    // The first round compiles.
    if (round === 0) continue;
    ratios.push(parsed.nanos / heard.nanos);
    cpu.push(parsed.cpuNanos / heard.cpuNanos);
    ours.push(heard.cpuNanos / count);
    theirs.push(parsed.cpuNanos / count);
  }
  return {
    row: 11,
    what: `socket to typed event / ws + JSON.parse, frames of ${perFrame}`,
    sense: '≥',
    goal: 2.3,
    floor: 1,
    reached: median(ratios),
    note: `CPU ${median(cpu).toFixed(2)}: ${median(ours).toFixed(0)} ns an event against ${median(theirs).toFixed(0)}`,
  };
}
