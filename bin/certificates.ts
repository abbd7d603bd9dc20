import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import forge from 'node-forge';

/** Certificate and private key, PEM. */
interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** What lies in a folder of certificates afterwards, and which of it is new. */
export interface Certificates {
  readonly authority: X509Certificate;
  readonly certificate: X509Certificate;
  readonly made: 'nothing' | 'certificate' | 'both';
}

/** Names of the files, all PEM. Clients trust `authority`; the server shows `cert`. Keys are readable by their owner alone. */
export const certificateFiles = {
  authority: 'ca.pem',
  authorityKey: 'ca-key.pem',
  cert: 'cert.pem',
  key: 'key.pem',
} as const;

/** Names under which a client on this machine reaches it. */
const localNames = ['localhost', '127.0.0.1', '::1'];
const day = 86_400_000;
/** Ten years, so that who trusts the authority once is left alone. */
const authorityDays = 3650;
/** Apple's platforms refuse a server certificate that is valid for more than 825 days. */
const certificateDays = 397;
/** A certificate that ends within a month is made anew. */
const spare = 30 * day;

/**
 * Makes a small certificate authority and a certificate for this machine and the `hosts` named, or keeps those in the folder that are
 * still good. The authority stays while it is valid, so that a new certificate needs no new trust. `now`: milliseconds since 1970.
 */
export async function makeCertificates(
  folder: string,
  hosts: readonly string[],
  now: number,
  force: boolean,
): Promise<Certificates> {
  const names = [...new Set([...localNames, ...hosts])];
  const old = force ? undefined : await readPair(folder, certificateFiles.authority, certificateFiles.authorityKey);
  const keeps = old !== undefined && lasts(new X509Certificate(old.cert), now);
  const authority = keeps ? old : issue('Papertape local authority', [], authorityDays, now);
  const known = keeps ? await readPair(folder, certificateFiles.cert, certificateFiles.key) : undefined;
  const signer = new X509Certificate(authority.cert);
  if (known !== undefined && serves(new X509Certificate(known.cert), signer, names, now)) {
    return { authority: signer, certificate: new X509Certificate(known.cert), made: 'nothing' };
  }
  const pair = issue('Papertape on this machine', names, certificateDays, now, authority);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!keeps) await writePair(folder, authority, certificateFiles.authority, certificateFiles.authorityKey);
  await writePair(folder, pair, certificateFiles.cert, certificateFiles.key);
  return { authority: signer, certificate: new X509Certificate(pair.cert), made: keeps ? 'certificate' : 'both' };
}

const lasts = ({ validTo }: X509Certificate, now: number): boolean => Date.parse(validTo) > now + spare;

function serves(cert: X509Certificate, signer: X509Certificate, names: readonly string[], now: number): boolean {
  const covers = (name: string): boolean => (isIP(name) ? cert.checkIP(name) : cert.checkHost(name)) !== undefined;
  return lasts(cert, now) && cert.verify(signer.publicKey) && names.every(covers);
}

/** A certificate signed by the authority given, or an authority signed by itself. */
function issue(name: string, names: readonly string[], days: number, now: number, authority?: Pair): Pair {
  // Node makes the key: in plain JavaScript it would take seconds.
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const cert = forge.pki.createCertificate();
  const subject = [{ name: 'commonName', value: name }];
  const issuer = authority === undefined ? cert : forge.pki.certificateFromPem(authority.cert);
  cert.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  // Positive (a leading 0x00…0x7f) and of its own: some clients refuse two certificates with one number.
  cert.serialNumber = `01${randomBytes(15).toString('hex')}`;
  // A day back, for containers and machines whose clocks are a little behind.
  cert.validity.notBefore = new Date(now - day);
  cert.validity.notAfter = new Date(now + days * day);
  cert.setSubject(subject);
  cert.setIssuer(authority === undefined ? subject : issuer.subject.attributes);
  cert.setExtensions([
    ...(authority === undefined
      ? [
          { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
          { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
        ]
      : [
          { name: 'basicConstraints', cA: false, critical: true },
          { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true },
          {
            name: 'subjectAltName',
            altNames: names.map((one) => (isIP(one) ? { type: 7, ip: one } : { type: 2, value: one })),
          },
        ]),
    { name: 'subjectKeyIdentifier' },
    // Python from 3.13 refuses a certificate that does not name the key it was signed with.
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  cert.sign(forge.pki.privateKeyFromPem(authority?.key ?? keys.privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(cert).replaceAll('\r\n', '\n'), key: keys.privateKey };
}

/** Absent when either file is missing or is not what its name says. */
async function readPair(folder: string, certFile: string, keyFile: string): Promise<Pair | undefined> {
  try {
    const [cert, key] = await Promise.all([certFile, keyFile].map((file) => readFile(join(folder, file), 'utf8')));
    if (cert === undefined || key === undefined) return undefined;
    return new X509Certificate(cert).ca === undefined ? undefined : { cert, key };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (error.code === 'EACCES') throw error;
    return undefined;
  }
}

async function writePair(folder: string, { cert, key }: Pair, certFile: string, keyFile: string): Promise<void> {
  await writeFile(join(folder, keyFile), key, { mode: 0o600 });
  await writeFile(join(folder, certFile), cert, { mode: 0o644 });
}
