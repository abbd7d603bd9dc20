import { z } from 'zod';
import { Complaint } from './shell.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'expected a port from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65535, 'expected a port from 0 to 65535');

/** Without an admin API. */
const adminPort = z.union([z.literal('off'), port], { error: 'expected a port from 0 to 65535, or off' });

const host = z.string().regex(/^[A-Za-z0-9.:_%-]+$/, 'expected a host name or an address');

const yes = ['1', 'true', 'yes', 'on'];
const no = ['0', 'false', 'no', 'off'];
const truth = z
  .string()
  .toLowerCase()
  .refine((text) => [...yes, ...no].includes(text), 'expected 1 or 0, true or false')
  .transform((text) => yes.includes(text));

/** Of things that may be piled up over the admin API. */
const most = z
  .string()
  .regex(/^\d{1,15}$/, 'expected a whole number')
  .transform(Number)
  .refine((number) => number > 0, 'expected a whole number from 1')
  .optional();

const settingsSchema = z.object({
  PAPERTAPE_PORT: port.default(8765),
  PAPERTAPE_ADMIN_PORT: adminPort.optional(),
  PAPERTAPE_ADMIN_HOST: host.optional(),
  PAPERTAPE_ADMIN_TOKEN: z
    .string()
    .regex(
      /^[\x21-\x7e]{16,512}$/,
      'expected 16 to 512 characters without spaces, such as `openssl rand -hex 24` prints',
    )
    .optional(),
  PAPERTAPE_DATA: z.string().default('.papertape'),
  PAPERTAPE_MAX_TAPES: most,
  PAPERTAPE_MAX_TAPE_BYTES: most,
  PAPERTAPE_MAX_SHELF_BYTES: most,
  PAPERTAPE_MAX_TAPE_WORKS: most,
  PAPERTAPE_MAX_SCENARIOS: most,
  PAPERTAPE_HOST: host.default('127.0.0.1'),
  PAPERTAPE_JOURNAL: z.string().optional(),
  PAPERTAPE_SCENARIO: z.string().optional(),
  PAPERTAPE_TLS: truth.default(false),
  PAPERTAPE_TLS_CERT: z.string().optional(),
  PAPERTAPE_TLS_KEY: z.string().optional(),
  PAPERTAPE_LOG_LEVEL: z.enum(logLevels, { error: `expected one of ${logLevels.join(', ')}` }).default('info'),
});

const usualAdminPort = 8766;
/** Never repeated to anybody. */
const secret = 'PAPERTAPE_ADMIN_TOKEN';

/** What the environment and the command line settle before any scenario is read. */
export interface Settings {
  readonly port: number;
  /** Of the admin API; absent when it is off. */
  readonly adminPort: number | undefined;
  /** Where the admin API listens; absent when nobody said. */
  readonly adminHost: string | undefined;
  /** Demanded by the admin API. A secret. */
  readonly adminToken: string | undefined;
  /** Folder of what is uploaded to the admin API. */
  readonly data: string;
  /** How much may be piled up there; absent where nobody said. */
  readonly limits: Readonly<
    Record<'tapes' | 'tapeBytes' | 'shelfBytes' | 'tapeWorks' | 'scenarios', number | undefined>
  >;
  readonly host: string;
  /** File for everything sent and received; absent when nobody asked. */
  readonly journal: string | undefined;
  readonly scenario: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
  /** Absent: no TLS. Without files of the user's own, those that `papertape cert` makes. */
  readonly tls: { readonly cert: string | undefined; readonly key: string | undefined } | undefined;
}

/** The variables above, for `--help` and to tell a misspelt one. */
export const settingNames: readonly string[] = Object.keys(settingsSchema.shape);

/** Options speak over the environment. `named` says which option stands for which variable, so that an error names the right one. */
export interface Flags {
  readonly port?: string | undefined;
  readonly adminPort?: string | undefined;
  readonly host?: string | undefined;
  readonly journal?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}

/** Reads the settings. Throws a `Complaint` that names every wrong variable or option. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, flags: Flags = {}): Settings {
  const said: Readonly<Record<string, readonly [option: string, text: string | undefined]>> = {
    PAPERTAPE_PORT: ['--port', flags.port],
    PAPERTAPE_ADMIN_PORT: ['--admin-port', flags.adminPort],
    PAPERTAPE_HOST: ['--host', flags.host],
    PAPERTAPE_JOURNAL: ['--journal', flags.journal],
    PAPERTAPE_LOG_LEVEL: ['--log-level', flags.logLevel],
    PAPERTAPE_TLS: ['--tls', flags.tls === undefined ? undefined : String(flags.tls)],
    PAPERTAPE_TLS_CERT: ['--tls-cert', flags.tlsCert],
    PAPERTAPE_TLS_KEY: ['--tls-key', flags.tlsKey],
  };
  const given = Object.fromEntries(
    settingNames.flatMap((name) => {
      const text = said[name]?.[1] ?? environment[name];
      return text === undefined || text === '' ? [] : [[name, text]];
    }),
  );
  const result = settingsSchema.safeParse(given);
  if (!result.success) {
    const lines = result.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      const source = said[name]?.[1] === undefined ? name : said[name][0];
      return `${source}: ${name === secret ? '(hidden)' : String(given[name])} – ${message}`;
    });
    throw new Complaint(lines.join('\n'));
  }
  const { PAPERTAPE_PORT, PAPERTAPE_HOST, PAPERTAPE_SCENARIO, PAPERTAPE_LOG_LEVEL } = result.data;
  // Whoever wants a free port wants no fixed one beside it.
  const admin = result.data.PAPERTAPE_ADMIN_PORT ?? (PAPERTAPE_PORT === 0 ? 0 : usualAdminPort);
  if (PAPERTAPE_PORT === admin && PAPERTAPE_PORT !== 0) {
    throw new Complaint(`PAPERTAPE_ADMIN_PORT: ${admin} – also the exchange's port; choose two different ones`);
  }
  const { PAPERTAPE_TLS, PAPERTAPE_TLS_CERT: cert, PAPERTAPE_TLS_KEY: key } = result.data;
  if ((cert === undefined) !== (key === undefined)) {
    const [there, other] =
      cert === undefined ? [key, '--tls-cert or PAPERTAPE_TLS_CERT'] : [cert, '--tls-key or PAPERTAPE_TLS_KEY'];
    throw new Complaint(`${there} – a certificate and its key go together; give the other with ${other}`);
  }
  return {
    tls: PAPERTAPE_TLS || cert !== undefined ? { cert, key } : undefined,
    port: PAPERTAPE_PORT,
    adminPort: admin === 'off' ? undefined : admin,
    adminHost: result.data.PAPERTAPE_ADMIN_HOST,
    adminToken: result.data.PAPERTAPE_ADMIN_TOKEN,
    data: result.data.PAPERTAPE_DATA,
    limits: {
      tapes: result.data.PAPERTAPE_MAX_TAPES,
      tapeBytes: result.data.PAPERTAPE_MAX_TAPE_BYTES,
      shelfBytes: result.data.PAPERTAPE_MAX_SHELF_BYTES,
      tapeWorks: result.data.PAPERTAPE_MAX_TAPE_WORKS,
      scenarios: result.data.PAPERTAPE_MAX_SCENARIOS,
    },
    host: PAPERTAPE_HOST,
    journal: result.data.PAPERTAPE_JOURNAL,
    scenario: PAPERTAPE_SCENARIO,
    logLevel: PAPERTAPE_LOG_LEVEL,
  };
}

/** Variables that begin like ours but are none, and the one that was probably meant. A typing error would else pass in silence. */
export function misspelt(
  environment: Readonly<Record<string, string | undefined>>,
  overrides: readonly { readonly variable: string }[],
  closest: (word: string, words: Iterable<string>) => string | undefined,
): { readonly name: string; readonly meant: string }[] {
  const known = new Set([...settingNames, ...overrides.map(({ variable }) => variable)]);
  return Object.keys(environment).flatMap((name) => {
    if (!name.startsWith('PAPERTAPE_') || known.has(name)) return [];
    // Only the part after the prefix counts, or every short name would be close to every other.
    const rests = [...known].map((other) => other.slice('PAPERTAPE_'.length));
    const meant = closest(name.slice('PAPERTAPE_'.length), rests);
    return meant === undefined ? [] : [{ name, meant: `PAPERTAPE_${meant}` }];
  });
}
