import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, type AdminOptions, startAdmin } from '../../admin-api/index.ts';
import { PapertapeAdmin } from '../../admin-api/sdk/index.ts';
import { type Papertape, type PapertapeOptions, startPapertape } from '../../server/index.ts';
import { silentLog } from '../../server/log.ts';

/** An exchange with its admin API, on free ports and in folders of its own. */
export interface Steered extends AsyncDisposable {
  readonly papertape: Papertape;
  readonly admin: Admin;
  readonly api: PapertapeAdmin;
  readonly folder: string;
}

/** Plays a generated market, on command, unless told otherwise. */
export async function steered(
  exchange: PapertapeOptions = {},
  { page, ...options }: Partial<AdminOptions> & { readonly page?: string } = {},
): Promise<Steered> {
  const folder = await mkdtemp(join(tmpdir(), 'papertape-admin-'));
  const folders = {
    scenarios: join(folder, 'scenarios'),
    tapes: join(folder, 'tapes'),
    readyTapes: 'fixtures/tapes',
    ...(page === undefined ? {} : { page }),
  };
  await Promise.all([mkdir(folders.scenarios), mkdir(folders.tapes)]);
  const papertape = await startPapertape({
    scenario: { name: 'steered', tapes: [{ synthetic: { symbols: ['AAPL'] } }], replay: { startOn: 'command' } },
    ...exchange,
  });
  const admin = await startAdmin({ papertape, folders, version: 'test', log: silentLog, ...options });
  return {
    papertape,
    admin,
    api: new PapertapeAdmin({ url: admin.url, token: options.token }),
    folder,
    [Symbol.asyncDispose]: async () => {
      await admin[Symbol.asyncDispose]();
      await papertape[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
