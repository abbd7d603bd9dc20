import type { Nanos } from '../../market/event.ts';
import type { Log } from '../log.ts';
import type { Drift } from './drift/drift.ts';
import { type Frame, FrameEar } from './frame-ear.ts';
import { type Dialect, Hearing } from './hearing.ts';
import type { Secrets } from './secrets.ts';
import type { TapeRecording } from './tape-recording.ts';
import type { TranscriptFile } from './transcript-file.ts';

/** Where what is heard goes. */
export interface Keepers {
  readonly tape: TapeRecording | undefined;
  readonly transcript: TranscriptFile | undefined;
  readonly drift: Drift;
  readonly secrets: Secrets;
  readonly log: Log;
}

/** One client's conversation with the vendor, overheard. */
export class Conversation implements AsyncDisposable {
  readonly #keepers: Keepers;
  readonly #connection: number;
  readonly #dialect: Dialect | undefined;
  readonly #hearing: Hearing | undefined;
  readonly #client: FrameEar;
  readonly #vendor: FrameEar;
  /** Room that a keeper asked for while the last bytes were understood. */
  #waits: Promise<void>[] = [];

  constructor(
    keepers: Keepers,
    connection: number,
    dialect: Dialect | undefined,
    extensions: string | undefined,
    bars: Map<string, Nanos>,
  ) {
    this.#keepers = keepers;
    this.#connection = connection;
    this.#dialect = dialect;
    this.#hearing = dialect && new Hearing(dialect.wire, bars);
    const lost = (side: 'client' | 'vendor') => (why: Error) =>
      keepers.log.warn(
        { connection, side },
        `what the ${side} says can no longer be understood (${keepers.secrets.conceal(why.message)}); it is passed on, and not recorded`,
      );
    this.#client = new FrameEar({
      of: 'client',
      extensions,
      hear: (frame) => this.#understand('client', () => this.#fromClient(frame)),
      lost: lost('client'),
    });
    this.#vendor = new FrameEar({
      of: 'vendor',
      extensions,
      hear: (frame) => this.#understand('vendor', () => this.#fromVendor(frame)),
      lost: lost('vendor'),
    });
  }

  /** Takes bytes of either side; what it gives back resolves when there is room for more. */
  hear(side: 'client' | 'vendor', bytes: Buffer): Promise<void> | undefined {
    const room = (side === 'client' ? this.#client : this.#vendor).write(bytes);
    if (room !== undefined) this.#waits.push(room);
    const full = this.#keepers.tape?.room;
    if (full !== undefined) this.#waits.push(full);
    if (this.#waits.length === 0) return undefined;
    const all = Promise.all(this.#waits.splice(0));
    return all.then(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#client[Symbol.asyncDispose](), this.#vendor[Symbol.asyncDispose]()]);
  }

  /** Whatever is wrong with a message, such as lists in lists without end, the two who talk do not suffer for it. */
  #understand(side: 'client' | 'vendor', message: () => void): void {
    try {
      message();
    } catch (error) {
      const { log, secrets } = this.#keepers;
      const why = secrets.conceal(error instanceof Error ? error.message : String(error));
      log.warn(
        { connection: this.#connection, side },
        `a message of the ${side} could not be understood (${why}); it is passed on, and not recorded`,
      );
    }
  }

  #fromClient(frame: Frame): void {
    const { secrets } = this.#keepers;
    // Asked for also where nothing is written down: it learns the keys on the way.
    const shown = frame.kind === 'close' ? closing(frame, secrets) : secrets.clientWords(frame, this.#dialect?.wire);
    this.#write('client', frame.kind, shown);
  }

  #fromVendor(frame: Frame): void {
    const { secrets, transcript } = this.#keepers;
    if (transcript !== undefined) {
      const shown =
        frame.kind === 'close'
          ? closing(frame, secrets)
          : secrets.vendorWords(frame.data, frame.kind === 'text' ? 'text' : 'binary');
      this.#write('vendor', frame.kind, shown);
    }
    if (frame.kind === 'text' || frame.kind === 'binary') this.#record(frame.data);
  }

  #record(message: Buffer): void {
    const [dialect, hearing] = [this.#dialect, this.#hearing];
    if (dialect === undefined || hearing === undefined) return;
    const { drift, tape } = this.#keepers;
    for (const heard of hearing.hear(message)) {
      drift.hear(dialect, heard);
      const event = hearing.eventOf(heard);
      if (event !== undefined) tape?.add(event, this.#connection);
    }
  }

  #write(from: 'client' | 'vendor', kind: Frame['kind'], shown: object): void {
    const room = this.#keepers.transcript?.write({ connection: this.#connection, from, kind, ...shown });
    if (room !== undefined) this.#waits.push(room);
  }
}

const closing = ({ code, reason }: Extract<Frame, { kind: 'close' }>, secrets: Secrets): object => ({
  code,
  reason: secrets.conceal(reason),
});
