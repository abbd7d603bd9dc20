import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { type Recorder, type RecorderOptions, startRecorder } from '../../server/index.ts';
import { sidecarSchema, type Sidecar } from '../../server/sources/file/sidecar.ts';
import { openTape } from '../../server/sources/index.ts';

/** A folder that is gone when its test is. */
export async function folder(): Promise<AsyncDisposable & { readonly at: (name: string) => string }> {
  const path = await mkdtemp(join(tmpdir(), 'papertape-record-'));
  return { at: (name) => join(path, name), [Symbol.asyncDispose]: async () => await rm(path, { recursive: true }) };
}

/** A recorder on a free port before the vendor at this URL. */
export async function record(upstream: string, options: Partial<RecorderOptions> = {}): Promise<Recorder> {
  return await startRecorder({ upstream: new URL(upstream), port: 0, ...options });
}

/** Everything on a tape. */
export async function eventsOn(tape: string): Promise<MarketEvent[]> {
  await using source = openTape({ file: tape }, { directory: '.', seed: 0 });
  const events: MarketEvent[] = [];
  for await (const page of source.pages({}, new AbortController().signal)) events.push(...page);
  return events;
}

export async function sidecarOf(tape: string): Promise<Sidecar> {
  return sidecarSchema.parse(JSON.parse(await readFile(`${tape}.meta.json`, 'utf8')));
}

/** The lines of a tape or a transcript. */
export async function linesOf(path: string): Promise<string[]> {
  const bytes = await readFile(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text.split('\n').filter((line) => line !== '');
}

export interface Frame {
  readonly data: string;
  readonly isBinary: boolean;
}

const messages = z.array(z.unknown());
/** Alpaca's replies and greetings. */
const control = /^\[\{"T":"(?:success|subscription|error)"/;

/** A client that notes what it hears. */
export class Hearer implements Disposable {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  /** Messages of the market, in the order in which they came. */
  readonly told: unknown[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  constructor(url: string, options: WebSocket.ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data: Buffer, isBinary) => {
      const frame = data.toString('latin1');
      this.frames.push({ data: frame, isBinary });
      if (frame.startsWith('[{"T"') && !control.test(frame)) this.told.push(...messages.parse(JSON.parse(frame)));
      for (const call of this.#waiting.splice(0)) call();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.socket.on('error', () => undefined);
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** Resolves once what it heard is as wanted. */
  async until(isEnough: (frames: readonly Frame[]) => boolean): Promise<void> {
    while (!isEnough(this.frames)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Logs in to one of Alpaca's streams and subscribes to channels of these symbols. */
  async subscribe(
    channels: readonly string[],
    symbols: readonly string[],
    key = 'key',
    secret = 'secret',
  ): Promise<void> {
    await this.until((frames) => frames.some(({ data }) => data.includes('connected')));
    this.say({ action: 'auth', key, secret });
    await this.until((frames) => frames.some(({ data }) => data.includes('authenticated')));
    this.say({ action: 'subscribe', ...Object.fromEntries(channels.map((channel) => [channel, symbols])) });
    await this.until((frames) => frames.some(({ data }) => data.includes('subscription')));
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
