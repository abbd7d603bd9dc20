import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ScenarioInput } from '../../server/index.ts';
import { steered, type Steered } from '../helpers/admin.ts';
import { testDatabase, type TestDatabase, testProgram } from '../services/index.ts';
import { blocksFor, placeOf } from './blocks.ts';
import { Scratch } from './scratch.ts';

// Every block of commands runs as it is written, in a folder of its own that has the files the documents speak of. shim.mjs says what stands
// between the commands and the machine.
const wayOut = 'mend the document, or say why it cannot be tried: ```sh no-run (why)';

/** What `curl` finds: history is of what has been played, so it plays at once, to its end. */
const played: ScenarioInput = {
  name: 'played',
  tapes: [
    { synthetic: { symbols: ['AAPL'], from: '2026-07-01T09:30:00-04:00', to: '2026-07-01T09:40:00-04:00', rate: 10 } },
  ],
  replay: { mode: 'single_pass', speed: 1000, startOn: 'command' },
};

let exchange: Steered;
let database: TestDatabase;
beforeAll(async () => {
  [exchange, database] = await Promise.all([steered({ scenario: played }), testDatabase('empty')]);
  exchange.papertape.run.play();
  await vi.waitFor(() => expect(exchange.papertape.run.status.phase).toBe('ended'), 30_000);
});
afterAll(async () => {
  await exchange[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test.concurrent.each(blocksFor('shell').map((block) => [placeOf(block), block] as const))(
  '%s does what it says',
  async (place, block) => {
    using scratch = new Scratch(block.text.includes('papertape init') ? ['my.scenario.yaml'] : []);
    const script = join(scratch.folder, '.script');
    // Its lines count as they do in the document.
    writeFileSync(script, '\n'.repeat(block.line - 1) + block.text);
    const bash = spawn('bash', ['-euo', 'pipefail', script], {
      cwd: scratch.folder,
      env: {
        PATH: scratch.path,
        HOME: scratch.folder,
        XDG_STATE_HOME: scratch.folder,
        DATABASE_URL: database.url,
        SNIPPET_PROGRAM: await testProgram(),
        SNIPPET_REPOSITORY: resolve('.'),
        SNIPPET_URL: exchange.papertape.url,
        SNIPPET_ADMIN_URL: exchange.admin.url,
        SNIPPET_DATABASE: database.url,
        SNIPPET_CURL: ['/usr/bin/curl', '/bin/curl'].find((path) => existsSync(path)) ?? '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, 'close')]);
    const told = `${place}: ${wayOut}\n${out.slice(-2000)}\n${err.slice(-4000)}`.replaceAll(script, block.file);
    expect(bash.exitCode, told).toBe(0);
  },
  // Many programs one after the other, on a machine with much else to do.
  240_000,
);
