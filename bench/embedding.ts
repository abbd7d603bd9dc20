import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// How long a test waits that has imported Papertape: from there to an address, and to the first greeting of a client, each time in a fresh
// process. Usage: npm run build && tsx bench/embedding.ts [scenario]
const times = 9;
const [scenario = 'ci'] = process.argv.slice(2);
const child = `
  const start = performance.now();
  const { startPapertape } = await import(${JSON.stringify(pathToFileURL(resolve('dist/server/index.js')).href)});
  const { WebSocket } = await import('ws');
  const imported = performance.now();
  const before = process.cpuUsage();
  const papertape = await startPapertape({ scenario: ${JSON.stringify(scenario)} });
  const listening = performance.now();
  const client = new WebSocket(papertape.streamUrl('/v2/iex'));
  await new Promise((resolve) => client.once('message', resolve));
  const greeted = performance.now();
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify([imported - start, listening - imported, greeted - imported, (user + system) / 1000]));
  process.exit();`;

const runs = Array.from({ length: times }, (): readonly number[] =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', child], { encoding: 'utf8' })),
);
for (const [place, what] of [
  'import',
  'import done → listening',
  'import done → first greeting',
  'the same, in processor time of all threads',
].entries()) {
  const millis = runs.map((run) => run[place] ?? NaN).toSorted((one, other) => one - other);
  const [least, median, most] = [millis[0], millis[times >> 1], millis.at(-1)].map((one) => one?.toFixed(0));
  console.log(`${what}: median ${median} ms of ${times} (${least} to ${most})`);
}
