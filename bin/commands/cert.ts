import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { SystemClock } from '../../market/clock.ts';
import { Complaint, type ExitCode, exitCodes, type Shell } from '../shell.ts';

/** Where `papertape cert` writes and `serve --tls` looks when no place is named: the user's state, not the project's. */
export function certificateFolder({ environment }: Pick<Shell, 'environment'>): string {
  const state = environment['XDG_STATE_HOME'];
  return join(state === undefined || state === '' ? join(homedir(), '.local', 'state') : state, 'papertape', 'tls');
}

/** Adds `cert`: makes what `serve --tls` needs, and says how clients come to trust it. */
export function addCertificate(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('cert')
    .description('make a certificate for `serve --tls`, and the local authority that clients can trust')
    .option('--dir <dir>', 'folder to write to (papertape/tls in XDG_STATE_HOME, else in ~/.local/state)')
    .option('--host <names...>', 'further host names and addresses that clients use; localhost is always there')
    .option('-f, --force', 'make both anew, even if they are still valid; clients must then trust the new authority')
    .addHelpText(
      'after',
      '\nExamples:\n  papertape cert && papertape serve --tls\n  papertape cert --host papertape.test 192.168.1.20',
    )
    .action(async (options: { readonly dir?: string; readonly host?: readonly string[]; readonly force?: boolean }) => {
      const folder = options.dir === undefined ? certificateFolder(shell) : resolve(shell.folder, options.dir);
      const hosts = options.host ?? [];
      const wrong = hosts.find((name) => !/^[A-Za-z0-9.:*_-]+$/.test(name));
      if (wrong !== undefined) {
        throw new Complaint(
          `--host: ${wrong} – not a host name or an address; give one such as papertape.test or 192.168.1.20`,
        );
      }
      const { certificateFiles, makeCertificates } = await import('../certificates.ts');
      const now = Number(new SystemClock().now() / 1_000_000n);
      const making = makeCertificates(folder, hosts, now, options.force === true);
      const { authority, certificate, made } = await making.catch((error: unknown) => {
        if (!(error instanceof Error) || !('code' in error)) throw error;
        throw new Complaint(`${error.message}; name another folder with --dir`, exitCodes.failed, { cause: error });
      });
      const news = { nothing: 'still good, kept', certificate: 'new, by the authority that was there', both: 'new' };
      shell.out.write(`Certificate ${join(folder, certificateFiles.cert)}: ${news[made]}
  for          ${(certificate.subjectAltName ?? '').replaceAll(/DNS:|IP Address:/g, '')}
  valid until  ${certificate.validTo}
Authority   ${join(folder, certificateFiles.authority)}
  valid until  ${authority.validTo}

${trust(join(folder, certificateFiles.authority))}`);
      ended(exitCodes.ok);
    });
}

const trust = (authority: string): string => `Each client must trust the authority. Before it starts:
  Node      export NODE_EXTRA_CA_CERTS=${authority}
  Python    export SSL_CERT_FILE=${authority} REQUESTS_CA_BUNDLE=${authority}
  Go        export SSL_CERT_FILE=${authority}
  curl      curl --cacert ${authority} https://localhost:8765/health
  Java      keytool -importcert -noprompt -alias papertape -storepass changeit -keystore papertape.p12 -file ${authority}
            java -Djavax.net.ssl.trustStore=papertape.p12 -Djavax.net.ssl.trustStorePassword=changeit …

SSL_CERT_FILE replaces what a program trusts otherwise: set it only for programs that talk to Papertape alone.
Keep ${authority.replace('ca.pem', 'ca-key.pem')} to yourself: who has it can make certificates that these clients believe.
`;
