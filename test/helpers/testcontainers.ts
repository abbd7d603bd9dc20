import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Running, start } from '../bin/papertape.ts';

// Stands in for the package testcontainers, where there is no engine: a container is the program itself, started as the image starts it, with
// the environment and files that it was given, on free ports.

type Files = { readonly target: string; readonly source?: string; readonly content?: string }[];

/** What a container is waited for by. */
export class Wait {
  readonly port: number;
  readonly path: string;
  readonly statuses: number[] = [];

  constructor(path: string, port: number) {
    this.path = path;
    this.port = port;
  }

  static forHttp = (path: string, port: number): Wait => new Wait(path, port);
  static forAll = (all: Wait[]): Wait[] => all;

  forStatusCode(status: number): this {
    this.statuses.push(status);
    return this;
  }
}

export class GenericContainer {
  readonly image: string;
  protected environment: Record<string, string> = {};
  ports: number[] = [];
  waits: Wait[] = [];
  readonly files: Files = [];

  constructor(image: string) {
    this.image = image;
  }

  /** What it was told, for tests. */
  get told(): Readonly<Record<string, string>> {
    return this.environment;
  }

  withEnvironment(environment: Record<string, string>): this {
    this.environment = { ...this.environment, ...environment };
    return this;
  }

  withExposedPorts(...ports: number[]): this {
    this.ports = ports;
    return this;
  }

  withWaitStrategy(waits: Wait[]): this {
    this.waits = waits;
    return this;
  }

  withCopyFilesToContainer(files: Files): this {
    this.files.push(...files);
    return this;
  }

  withCopyContentToContainer(files: Files): this {
    this.files.push(...files);
    return this;
  }

  async start(): Promise<StartedContainer> {
    const folder = mkdtempSync(join(tmpdir(), 'papertape-container-'));
    for (const { target, source, content = '' } of this.files) {
      if (source === undefined) writeFileSync(join(folder, basename(target)), content);
      else cpSync(source, join(folder, basename(target)));
    }
    const environment = Object.fromEntries(
      Object.entries(this.environment).map(([name, text]) => [name, text.replace('/data/', `${folder}/`)]),
    );
    const running = start(['serve'], {
      folder,
      environment: { ...environment, PAPERTAPE_HOST: '0.0.0.0', PAPERTAPE_PORT: '0', PAPERTAPE_DATA: folder },
    });
    const said = await running.heard(/"adminPort":\d+/).catch((error: unknown) => {
      rmSync(folder, { recursive: true });
      throw error;
    });
    const [, port = '', adminPort = ''] = /"port":(\d+),"adminPort":(\d+)/.exec(said) ?? [];
    const bound = new Map([port, adminPort].map((text, index) => [this.ports[index] ?? 0, Number(text)]));
    return new StartedContainer(running, folder, bound);
  }
}

class StartedContainer implements AsyncDisposable {
  readonly running: Running;
  readonly #folder: string;
  readonly #bound: ReadonlyMap<number, number>;

  constructor(running: Running, folder: string, bound: ReadonlyMap<number, number>) {
    this.running = running;
    this.#folder = folder;
    this.#bound = bound;
  }

  /** Another name than the program has for itself, as with a real container. */
  getHost = (): string => 'localhost';
  getMappedPort = (port: number): number => this.#bound.get(port) ?? 0;

  async [Symbol.asyncDispose](): Promise<void> {
    this.running.signal('SIGTERM');
    await this.running.ending;
    rmSync(this.#folder, { recursive: true });
  }
}

export class AbstractStartedContainer implements AsyncDisposable {
  protected readonly started: StartedContainer;

  constructor(started: StartedContainer) {
    this.started = started;
  }

  getHost = (): string => this.started.getHost();
  getMappedPort = (port: number): number => this.started.getMappedPort(port);
  stop = async (): Promise<void> => await this[Symbol.asyncDispose]();

  async [Symbol.asyncDispose](): Promise<void> {
    await this.started[Symbol.asyncDispose]();
  }
}
