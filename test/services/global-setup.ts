import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';
import type { Running } from './running.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The socket at which test files ask for a service. */
    servicesDoor: string;
  }
}

/**
 * One PostgreSQL and one Redis for the whole run, each started when the first test file asks for it: a run of tests
 * that need none starts none. Files ask through a socket, because every file runs in a process of its own.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<Running>>();
  const starts: Record<string, () => Promise<Running>> = {
    // Imported on demand too: drivers cost a run without services a third of a second.
    postgres: async () => {
      const [{ startPostgres }, { prepareTemplate }] = await Promise.all([
        import('./start.ts'),
        import('./template.ts'),
      ]);
      return await prepareTemplate(await startPostgres());
    },
    redis: async () => await (await import('./start.ts')).startRedis(),
    page: async () => await (await import('./program.ts')).buildPage(),
    program: async () => await (await import('./program.ts')).bundleProgram(),
    package: async () => await (await import('./package.ts')).packPackage(),
  };
  const need = async (name: string): Promise<string> => {
    const running = started.get(name) ?? starts[name]?.();
    if (running === undefined) throw new Error(`No test service is called ${name}`);
    started.set(name, running);
    return (await running).url;
  };

  const directory = mkdtempSync(join(tmpdir(), 'papertape-door-'));
  const door = createServer((socket) => {
    createInterface(socket).once('line', (name) => {
      need(name).then(
        (url) => socket.end(JSON.stringify({ url })),
        (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
      );
    });
  });
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\papertape-${process.pid}` : join(directory, 'door');
  await new Promise<void>((resolve) => door.listen(path, resolve));
  project.provide('servicesDoor', path);

  return async () => {
    door.close();
    const all = await Promise.allSettled(started.values());
    await Promise.all(all.map(async (one) => (one.status === 'fulfilled' ? await one.value.stop() : undefined)));
    rmSync(directory, { recursive: true, force: true });
  };
}
