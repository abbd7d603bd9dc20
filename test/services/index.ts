import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { z } from 'zod';
import { asAdmin, inDatabase, templateOf } from './template.ts';

/** A database of its own on the run's PostgreSQL, dropped when disposed. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

/** A fresh database, migrated unless told `empty`. The first call of a run starts PostgreSQL. */
export async function testDatabase(state: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const url = await ask('postgres');
  return await databaseOn(url, state === 'migrated' ? templateOf(url) : 'template0');
}

/** A fresh, empty database on a server of the caller's choice. */
export async function databaseOn(server: string, template = 'template0'): Promise<TestDatabase> {
  const name = `papertape_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(server, async (client) => void (await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)));
  return {
    url: inDatabase(server, name),
    [Symbol.asyncDispose]: async () =>
      await asAdmin(
        server,
        async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      ),
  };
}

/** Address of the run's Redis for `new Redis(address)`: a socket path or a URL. The first call of a run starts it. */
export async function testRedis(): Promise<string> {
  return await ask('redis');
}

/** Path of the program, ready for `node`. The first call of a run bundles it. */
export async function testProgram(): Promise<string> {
  return await ask('program');
}

/** Folder of the page of the admin port, ready to be served. The first call of a run builds it. */
export async function testPage(): Promise<string> {
  return await ask('page');
}

/** A project of the caller's own that has the package installed as it is packed. The first call of a run packs it. */
export async function packedProject(): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), 'papertape-project-'));
  cpSync(await ask('package'), project, { recursive: true, verbatimSymlinks: true });
  return project;
}

async function ask(service: string): Promise<string> {
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(inject('servicesDoor'), () => socket.write(`${service}\n`));
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('end', () => resolve(text)).on('error', reject);
  });
  const { url, error } = z
    .object({ url: z.string().optional(), error: z.string().optional() })
    .parse(JSON.parse(answer));
  if (url === undefined) throw new Error(error ?? `No answer from the test services about ${service}`);
  return url;
}
