import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Cancel, Clock } from '../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { day, isoMillis, second } from '../../market/nanos.ts';
import { lineOfEvent, type Sidecar, sidecarPath, sidecarText, type Tally } from '../sources/file/index.ts';
import { isoOf } from '../tapes/instant.ts';
import { summaryOf } from '../tapes/write.ts';
import { type Past, pastOf } from './past.ts';
import { removeState, type RecordingState, writeState } from './recording-state.ts';
import type { Repeats } from './repeats.ts';
import { TapeAppender } from './tape-appender.ts';
import { WaitingLine } from './waiting-line.ts';

/** How often what was heard is written, and how often it is noted that somebody still listens. */
const interval = second;
const sign = 10n * second;
/** Characters of lines that wait for the disk before those who speak are held back. */
const mostUnwritten = 32 << 20;
/** Events after which the line is looked through before its time. */
const bunch = 8192;
/** No market tells of what is so far ahead of the wall. */
const farthestAhead = 2n * day;

/** The terms on which recorded data is held; whoever owns a subscription knows them better. */
export const recordedLicence =
  'recorded vendor data: for the holder of the subscription alone, not to be redistributed';

export interface TapeRecordingOptions {
  readonly path: string;
  /** The vendor: scheme, host and port. */
  readonly origin: string;
  /** How far apart on the tape events may come and still be put in order. */
  readonly window: Nanos;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears that the disk took no more; nothing more is recorded. */
  readonly failed: (error: unknown) => void;
}

export interface TapeSummary {
  /** Rows written. */
  readonly events: number;
  /** Rows heard once more. */
  readonly repeats: number;
  /** Rows that came too late for their place. */
  readonly strays: number;
  readonly pieces: number;
  /** Bytes of a piece that was not finished, cut off when the recording went on. */
  readonly cut: number;
}

/** A tape while it is recorded: puts what is heard in order, leaves out what it has, and writes it piece by piece. */
export class TapeRecording implements AsyncDisposable {
  readonly #options: TapeRecordingOptions;
  readonly #appender: TapeAppender;
  readonly #line = new WaitingLine();
  readonly #repeats: Repeats;
  readonly #tally: Tally;
  readonly #state: RecordingState;
  readonly #piece: RecordingState['pieces'][number];
  /** Latest instant among the lines taken, written or not. */
  #last: Nanos | undefined;
  #unwritten = '';
  #strays = '';
  #writing: Promise<void> = Promise.resolve();
  #room: (() => void)[] = [];
  #wake: Cancel;
  #turn: { now: Nanos; before: Nanos };
  #noted: Nanos;
  #isOver = false;
  #hasFailed = false;

  readonly #cut: number;
  readonly #before: { readonly repeats: number; readonly strays: number };

  private constructor(options: TapeRecordingOptions, appender: TapeAppender, past: Past) {
    this.#options = options;
    this.#appender = appender;
    this.#repeats = past.repeats;
    this.#tally = past.tally;
    this.#last = past.last;
    this.#cut = past.cut;
    this.#before = past.state;
    const now = options.clock.now();
    const at = isoMillis(now);
    this.#piece = { startedAt: at, endedAt: at, end: 'cut', events: 0 };
    this.#state = {
      ...past.state,
      bytes: appender.bytes,
      process: process.pid,
      pieces: [...past.state.pieces, this.#piece],
    };
    this.#turn = { now, before: now };
    this.#noted = now;
    this.#wake = options.clock.wake(now + interval, () => this.#tick());
  }

  /**
   * Begins a tape, or goes on with one that was recorded before. Throws a `TapeError` when something else lies there, or when it is being
   * recorded right now.
   */
  static async open(options: TapeRecordingOptions): Promise<TapeRecording> {
    const past = await pastOf(options.path, options.signal);
    const appender = await TapeAppender.open(options.path, past.bytes);
    const recording = new TapeRecording(options, appender, past);
    // Until the next clean end the tape has no sidecar that could be mistaken for its own.
    await recording.#commit();
    await rm(sidecarPath(options.path), { force: true });
    return recording;
  }

  /** Streams that are recorded onto it: `alpaca /v2/iex`. */
  get paths(): readonly string[] {
    return this.#state.paths;
  }

  /** Since this start, but for the pieces. */
  get summary(): TapeSummary {
    const { pieces, repeats, strays } = this.#state;
    const before = this.#before;
    return {
      events: this.#piece.events,
      repeats: repeats - before.repeats,
      strays: strays - before.strays,
      pieces: pieces.length,
      cut: this.#cut,
    };
  }

  /** Resolves when the disk has caught up; `undefined` while it keeps up. */
  get room(): Promise<void> | undefined {
    if (this.#unwritten.length < mostUnwritten || this.#isOver) return undefined;
    return new Promise((resolve) => void this.#room.push(resolve));
  }

  /** A path that is recorded onto this tape. */
  follow(path: string): void {
    if (!this.#state.paths.includes(path)) this.#state.paths.push(path);
  }

  /** Takes an event; `connection` tells apart who says the same. */
  add(event: MarketEvent, connection: number): void {
    if (this.#isOver) return;
    const now = this.#options.clock.now();
    const line = lineOfEvent(event);
    if (!this.#repeats.isNew(event, line, connection)) return void this.#state.repeats++;
    const isLate = this.#last !== undefined && event.at < this.#last;
    if (isLate || event.at > now + farthestAhead) return this.#stray(line);
    this.#line.add({ event, line }, now);
    if (this.#line.length >= bunch && this.#line.length % bunch === 0) this.#take(this.#turn.before);
    if (this.#unwritten.length >= mostUnwritten) this.#flush();
  }

  /** Ends the piece: everything heard is written, and the sidecar vouches for the tape. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return await this.#writing;
    this.#wake();
    this.#take(this.#options.clock.now() + 1n);
    this.#piece.end = 'clean';
    this.#isOver = true;
    this.#flush();
    await this.#writing;
    await this.#appender[Symbol.asyncDispose]();
    if (!this.#hasFailed) await this.#seal();
  }

  #stray(line: string): void {
    this.#state.strays++;
    this.#strays += `${line}\n`;
  }

  #tick(): void {
    const now = this.#options.clock.now();
    this.#turn = { now, before: this.#turn.now };
    this.#take(this.#turn.before);
    this.#flush();
    this.#wake = this.#options.clock.wake(now + interval, () => this.#tick());
  }

  /** Takes from the line whose turn it is. */
  #take(since: Nanos): void {
    const rows = this.#line.release(this.#options.window, since);
    for (const { line } of rows) this.#unwritten += `${line}\n`;
    this.#tally.add(rows.map(({ event }) => event));
    const first = rows[0]?.event;
    const last = rows.at(-1)?.event;
    if (first === undefined || last === undefined) return;
    this.#last = last.at;
    this.#piece.events += rows.length;
    this.#piece.period = { from: this.#piece.period?.from ?? isoOf(first.at), to: isoOf(last.at) };
  }

  /** One after another: what came while a piece was written is the next one. */
  #flush(): void {
    this.#writing = this.#writing
      .then(async () => await this.#write())
      .catch((error: unknown) => {
        this.#isOver = true;
        this.#hasFailed = true;
        this.#wake();
        this.#release();
        this.#options.failed(error);
      });
  }

  async #write(): Promise<void> {
    const [lines, strays] = [this.#unwritten, this.#strays];
    const now = this.#options.clock.now();
    if (lines === '' && strays === '' && !this.#isOver && now - this.#noted < sign) return;
    this.#noted = now;
    this.#piece.endedAt = isoMillis(now);
    this.#unwritten = '';
    this.#strays = '';
    if (strays !== '') await appendFile(strayPath(this.#options.path), strays);
    if (lines !== '') await this.#appender.append(lines);
    this.#release();
    await this.#commit();
  }

  #release(): void {
    for (const call of this.#room.splice(0)) call();
  }

  async #commit(): Promise<void> {
    this.#state.bytes = this.#appender.bytes;
    await writeState(this.#options.path, this.#state);
  }

  /** Writes the sidecar, after which the state is no longer needed. */
  async #seal(): Promise<void> {
    const { path, origin } = this.#options;
    const { pieces, repeats, strays, paths } = this.#state;
    const gaps = pieces
      .slice(1)
      .map(({ startedAt }, index) => ({ from: pieces[index]?.endedAt ?? startedAt, to: startedAt }));
    const sidecar: Sidecar = {
      sha256: this.#appender.sha256,
      bytes: this.#appender.bytes,
      origin: `recorded from ${origin}`,
      licence: recordedLicence,
      timeZone: 'America/New_York',
      ...summaryOf(this.#tally.holdings),
      recording: { pieces, gaps, repeats, strays, paths },
    };
    const partial = `${path}.partial.meta.json`;
    await writeFile(partial, sidecarText(sidecar));
    await rename(partial, sidecarPath(path));
    await removeState(path);
  }
}

/** Where events lie that came too late for their place: `day.strays.ndjson` beside `day.ndjson.gz`, in the order in which they came. */
export const strayPath = (tape: string): string => tape.replace(/\.ndjson(?:\.gz)?$/, '.strays.ndjson');
