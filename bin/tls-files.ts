import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { certificateFolder } from './commands/cert.ts';
import type { Settings } from './settings.ts';
import { Complaint, exitCodes, type Shell } from './shell.ts';

/** What a server shows its clients, and the files it came from. */
export interface TlsFiles {
  readonly tls: { readonly cert: string; readonly key: string };
  readonly files: { readonly cert: string; readonly key: string };
}

/** Reads certificate and key. Throws a `Complaint` that names the file and the way out. */
export async function readTlsFiles(settings: NonNullable<Settings['tls']>, shell: Shell): Promise<TlsFiles> {
  const { cert, key } = settings;
  const folder = certificateFolder(shell);
  const files = {
    cert: cert === undefined ? join(folder, 'cert.pem') : resolve(shell.folder, cert),
    key: key === undefined ? join(folder, 'key.pem') : resolve(shell.folder, key),
  };
  const wayOut =
    cert === undefined
      ? 'make it with `papertape cert`, or give your own with --tls-cert and --tls-key'
      : 'correct the path';
  const read = async (file: string): Promise<string> =>
    await readFile(file, 'utf8').catch((error: unknown) => {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      const what =
        error.code === 'ENOENT'
          ? 'no such file'
          : error.code === 'EACCES'
            ? 'not readable by this user'
            : error.message;
      throw new Complaint(`${file}: ${what}; ${wayOut}`, undefined, { cause: error });
    });
  return { tls: { cert: await read(files.cert), key: await read(files.key) }, files };
}

/** A `Complaint` that names the file when one cannot serve; any other error as it is. */
export async function tlsComplaint(error: unknown, secure: TlsFiles | undefined): Promise<unknown> {
  const { TlsError } = await import('../server/index.ts');
  if (!(error instanceof TlsError) || secure === undefined) return error;
  return new Complaint(`${secure.files[error.part]}: ${error.message}`, exitCodes.badInput, { cause: error });
}
