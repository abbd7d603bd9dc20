import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { expectationKind, keyOfCells, rowsSchema, shapeOf, tallyOf, usualFields, type Finding } from './expectation.ts';

/** Shows whether a client kept every row that it was owed, exactly once, whatever went wrong on the way. */
export const posted = expectationKind({
  options: z
    .strictObject({
      file: z
        .string()
        .min(1)
        .meta({
          title: 'File',
          description: 'A file of JSON objects, one a line, beside the scenario.',
          examples: ['out/trades.ndjson'],
        }),
      ...rowsSchema,
    })
    .meta({
      title: 'Posted',
      description: 'The rows that a client wrote into a file, or posted, equal those it was owed.',
      examples: [
        { file: 'out/trades.ndjson' },
        { file: 'out/bars.ndjson', channel: 'bar', columns: { symbol: 'S', start: 't', close: 'c' }, epoch: 'ms' },
      ],
    }),
  explain: ({ file, channel, exactlyOnce }) =>
    `${file} holds every ${channel} that the client was owed, ${exactlyOnce ? 'exactly once' : 'at least once'}`,
  open: (options, { directory, signal }) => {
    const { file, channel, where, exactlyOnce } = options;
    const shape = shapeOf(options, Object.fromEntries(usualFields(channel).map((field) => [field, field])));
    const once = exactlyOnce ? 'exactly once' : 'at least once';
    return {
      hear: () => undefined,
      async find(_now, ledger): Promise<Finding> {
        if (ledger === undefined) {
          return { outcome: 'open', expected: `every row ${once}`, seen: 'is read when the run is over', lines: [] };
        }
        const tally = await tallyOf(ledger, shape, signal);
        const expected = `${tally.expected} in ${file}, ${once}`;
        let number = 0;
        try {
          const lines = createInterface({
            input: createReadStream(resolve(directory, file), { signal }),
            crlfDelay: Infinity,
          });
          for await (const line of lines) {
            number++;
            if (line.trim() === '') continue;
            const cells = rowSchema.parse(JSON.parse(line));
            if (!Object.entries(where).every(([name, value]) => cells[name] === value)) continue;
            tally.take(keyOfCells((name) => cells[name], shape));
          }
        } catch (error) {
          signal.throwIfAborted();
          return {
            outcome: 'unmet',
            expected,
            seen: `${file}${number === 0 ? '' : `:${number}`}: ${told(error)}`,
            lines: [],
          };
        }
        return { expected, ...tally.difference(exactlyOnce), lines: [] };
      },
    };
  },
});

const rowSchema = z.record(z.string(), z.unknown(), 'is not a JSON object');

function told(error: unknown): string {
  if (error instanceof z.ZodError) return 'is not a JSON object';
  if (error instanceof SyntaxError) return `is not JSON: ${error.message}`;
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'there is no such file';
  return error instanceof Error ? error.message : String(error);
}
