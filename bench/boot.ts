import { startPapertape } from '../server/index.ts';
import { scenarioSchema } from '../server/scenario/schema.ts';
import { memoryTape, tradesOf } from './tape.ts';

/** Starts the exchange as a program would, and ends as soon as it listens. */
const scenario = scenarioSchema.parse({ name: 'boot', tapes: [{ file: 'memory.ndjson' }] });
await startPapertape({ scenario, port: 0, tapes: [memoryTape(tradesOf(1000))] });
process.exit();
