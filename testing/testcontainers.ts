import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { AbstractStartedContainer, GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { PapertapeAdmin, type RunView } from '../admin-api/sdk/index.ts';
import type { InlineScenario } from '../server/index.ts';

/** Those of the image. */
const exchangePort = 8765;
const adminPort = 8766;
const tokenVariable = 'PAPERTAPE_ADMIN_TOKEN';
/** Belongs to the user that the image runs as; tapes that are copied there are found by their names. */
const folder = '/data';

/** The exchange in a container of its own, for tests with testcontainers 11. Whatever testcontainers can do with a container, it can too. */
export class PapertapeContainer extends GenericContainer {
  /** `image`: what you have built the Dockerfile of Papertape as. */
  constructor(image = 'papertape') {
    super(image);
    this.withExposedPorts(exchangePort, adminPort).withWaitStrategy(
      Wait.forAll([answers('/health', exchangePort), answers('/ready', adminPort)]),
    );
  }

  /** The name of a ready scenario, YAML text, or an object as a file would spell it. */
  withScenario(scenario: string | InlineScenario): this {
    if (typeof scenario === 'string' && !scenario.includes('\n')) {
      return this.withEnvironment({ PAPERTAPE_SCENARIO: scenario });
    }
    const target = `${folder}/given.scenario.yaml`;
    const content = typeof scenario === 'string' ? scenario : JSON.stringify({ name: 'given', ...scenario });
    return this.withCopyContentToContainer([{ content, target }]).withEnvironment({ PAPERTAPE_SCENARIO: target });
  }

  /** A scenario file of this machine. It must not build on others; tapes that it names go along by `withTape`. */
  withScenarioFile(source: string): this {
    const target = `${folder}/${basename(source)}`;
    return this.withCopyFilesToContainer([{ source, target }]).withEnvironment({ PAPERTAPE_SCENARIO: target });
  }

  /** Lays a tape of this machine beside the scenario, under its own name: `- file: day.ndjson.gz`. */
  withTape(source: string): this {
    return this.withCopyFilesToContainer([{ source, target: `${folder}/${basename(source)}` }]);
  }

  /** Instead of one that is made up at the start: 16 characters or more. */
  withAdminToken(token: string): this {
    return this.withEnvironment({ [tokenVariable]: token });
  }

  /** Instead of the scenario's own, as are those that follow. */
  withSeed(seed: number): this {
    return this.withEnvironment({ PAPERTAPE_SEED: String(seed) });
  }

  withSpeed(speed: number | 'max'): this {
    return this.withEnvironment({ PAPERTAPE_SPEED: String(speed) });
  }

  withSymbols(...symbols: string[]): this {
    return this.withEnvironment({ PAPERTAPE_SYMBOLS: symbols.join(',') });
  }

  withTimestamps(timestamps: 'original' | 'shifted' | 'now'): this {
    return this.withEnvironment({ PAPERTAPE_TIMESTAMPS: timestamps });
  }

  withLogLevel(level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'): this {
    return this.withEnvironment({ PAPERTAPE_LOG_LEVEL: level });
  }

  /** Resolves when clients can connect. */
  override async start(): Promise<StartedPapertapeContainer> {
    // Only now: of a variable that is given twice some engines keep the first.
    if (this.environment[tokenVariable] === undefined) this.withAdminToken(randomBytes(24).toString('hex'));
    const started = await super.start();
    try {
      const url = `http://${started.getHost()}:${started.getMappedPort(adminPort)}`;
      const admin = new PapertapeAdmin({ url, token: this.environment[tokenVariable] });
      return new StartedPapertapeContainer(started, admin, url, await admin.getRun('default'));
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
  }
}

/** The exchange in a running container, as this machine finds it. Dispose of it to end it. */
export class StartedPapertapeContainer extends AbstractStartedContainer {
  /** Steers it. The addresses in its answers are those within the container: `seenFromHere` has them for this machine. */
  readonly admin: PapertapeAdmin;
  /** Of the admin API; its page is there too. */
  readonly adminUrl: string;
  readonly #address: string;
  readonly #run: RunView;

  constructor(started: StartedTestContainer, admin: PapertapeAdmin, adminUrl: string, run: RunView) {
    super(started);
    this.admin = admin;
    this.adminUrl = adminUrl;
    this.#address = `${started.getHost()}:${started.getMappedPort(exchangePort)}`;
    this.#run = this.seenFromHere(run);
  }

  /** What comes before a vendor's path for WebSockets: `ws://localhost:49153`. */
  get url(): string {
    return this.#run.url;
  }

  get httpUrl(): string {
    return this.#run.httpUrl;
  }

  /** A key that is good there, and its secret. */
  get key(): string {
    return this.#run.key;
  }

  get secret(): string {
    return this.#run.secret;
  }

  /** What a client's process is started with, so that the vendors' SDKs find the exchange unchanged; lay it over its own. */
  get env(): Readonly<Record<string, string>> {
    return this.#run.env;
  }

  /** The whole URL of each stream, by its path: `/v2/iex`. */
  get streams(): Readonly<Record<string, string>> {
    return this.#run.streams;
  }

  /** A run with the addresses by which this machine finds it. */
  seenFromHere(run: RunView): RunView {
    const inside = new URL(run.url).host;
    const here = (text: string): string => text.replaceAll(`//${inside}`, `//${this.#address}`);
    const all = (texts: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, here(text)]));
    return { ...run, url: here(run.url), httpUrl: here(run.httpUrl), env: all(run.env), streams: all(run.streams) };
  }
}

const answers = (path: string, port: number) => Wait.forHttp(path, port).forStatusCode(200);
