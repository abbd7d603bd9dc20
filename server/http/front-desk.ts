import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../market/clock.ts';
import type { Log } from '../log.ts';
import type { Run } from '../run.ts';

/**
 * Answers plain HTTP on the exchange's port. The first request loads the web framework: who only streams never needs it, and the
 * server listens sooner without.
 */
export class FrontDesk implements AsyncDisposable {
  readonly #run: Run;
  readonly #clock: Clock;
  readonly #log: Log;
  #app: Promise<FastifyInstance> | undefined;

  constructor(run: Run, clock: Clock, log: Log) {
    this.#run = run;
    this.#clock = clock;
    this.#log = log;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#app ??= this.#open();
      (await this.#app).routing(request, response);
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Who asked has been told why it did not open.
    const app = await this.#app?.catch(() => undefined);
    await app?.close();
  }

  /** What failed to open is opened anew for the next request. */
  async #open(): Promise<FastifyInstance> {
    try {
      return await open(this.#run, this.#clock, this.#log);
    } catch (error) {
      this.#app = undefined;
      throw error;
    }
  }
}

async function open(run: Run, clock: Clock, log: Log): Promise<FastifyInstance> {
  const [{ fastify }, { openRest }] = await Promise.all([import('fastify'), import('./rest-desk.ts')]);
  // A proxy that ends TLS says under which scheme and host it was asked: pages that follow are led there.
  const app = fastify({ logger: false, trustProxy: true, rewriteUrl: ({ url }) => readable(url ?? '/') });
  app.get('/health', (_, reply) => {
    const { scenario, status } = run;
    const broken = status.phase === 'broken';
    reply.code(broken ? 503 : 200);
    return { status: broken ? 'broken' : 'ok', scenario: scenario.name, deck: status.phase };
  });
  // What somebody sees who opens the exchange's address in a browser.
  app.get('/', () => ({
    papertape: 'a mock market-data exchange; everything it sends is fake',
    scenario: run.scenario.name,
    deck: run.status.phase,
    streams: run.streams,
  }));
  await openRest(app, run, clock, log);
  // Never the whole URL: keys stand in queries.
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?', 1);
    return reply.code(404).send({ message: `nothing answers ${request.method} ${path}; docs/rest.md lists what does` });
  });
  await app.ready();
  return app;
}

/**
 * The URL with every percent sign of a broken path spelled out, so that the vendor's route refuses what it says, in the vendor's words,
 * and not the web framework in its own.
 */
function readable(url: string): string {
  const [path = '', ...query] = url.split('?');
  try {
    decodeURIComponent(path);
    return url;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return [path.replaceAll('%', '%25'), ...query].join('?');
  }
}
