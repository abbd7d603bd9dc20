import type * as Papertape from '../server/index.ts';

/** Starts the exchange as a program would that has the package installed, and ends as soon as it listens. */
const { scenarioSchema, startPapertape }: typeof Papertape = await import(String(process.argv[2]));
const scenario = scenarioSchema.parse({ name: 'boot', tapes: [{ file: 'memory.ndjson' }] });
const at = 1_782_916_200_000_000_000n;
const holdings = [{ market: 'stocks', symbol: 'AAPL', channel: 'trade', from: at, to: at, events: 1 }] as const;
const tape: Papertape.Source = {
  name: 'nothing yet',
  survey: async () => Promise.resolve({ holdings }),
  pages: async function* () {
    // Nobody listens before the end.
  },
  [Symbol.asyncDispose]: async () => Promise.resolve(),
};
await startPapertape({ scenario, port: 0, tapes: [tape] });
process.exit();
