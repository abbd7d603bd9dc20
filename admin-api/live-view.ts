import { isoMillis } from '../market/nanos.ts';
import type { HostedRun } from '../server/index.ts';
import type { Desk } from './desk.ts';
import type { LiveMessage } from './schemas/live.ts';
import type { EntryFilter } from './schemas/journal.ts';
import { SentMessages } from './sent-messages.ts';
import { faultView } from './views/fault.ts';
import { entryViewOf, isMeant } from './views/journal.ts';
import { sessionViewOf } from './views/session.ts';

/** Entries in one message at most: the newest. */
const mostEntries = 200;
/** Of ten looks a second: when sessions and faults are looked at, and when rates. */
const [slow, slowest] = [3, 10];

interface Count {
  readonly events: number;
  readonly bytes: number;
}

/** What one page has been told of a run, and what there is to tell it now. */
export class LiveView implements Disposable {
  readonly #desk: Pick<Desk, 'papertape'>;
  readonly #run: string;
  readonly #kinds: EntryFilter['kinds'];
  readonly #told = new Map<LiveMessage['type'], string>();
  #opened: bigint | undefined;
  #sent: SentMessages | undefined;
  #entry = 0;
  #looks = 0;
  #counts = new Map<number, Count>();
  #counted: bigint | undefined;

  constructor(desk: Pick<Desk, 'papertape'>, run: string, kinds: EntryFilter['kinds']) {
    this.#desk = desk;
    this.#run = run;
    this.#kinds = kinds;
  }

  /** What has changed since the last look, as texts. The run may be another one than before, or none. */
  look(): readonly string[] {
    const hosted = this.#desk.papertape.runs.get(this.#run);
    if (hosted?.opened !== this.#opened) this.#begin(hosted);
    if (hosted === undefined) return this.#changed([{ type: 'gone', run: this.#run }]);
    const look = this.#looks++;
    return this.#changed([
      deckOf(hosted),
      ...(look % slow === 0 ? [this.#sessions(hosted), faultsOf(hosted)] : []),
      ...(look % slowest === 0 ? this.#rates(hosted) : []),
      ...this.#journal(hosted),
      ...this.#messages(hosted),
    ]);
  }

  [Symbol.dispose](): void {
    this.#sent?.[Symbol.dispose]();
  }

  #begin(hosted: HostedRun | undefined): void {
    this.#opened = hosted?.opened;
    this.#sent?.[Symbol.dispose]();
    this.#sent = hosted && new SentMessages(hosted);
    this.#told.clear();
    this.#looks = 0;
    this.#counted = undefined;
    // What was before is in the journal; after a reset there is no before.
    this.#entry = this.#entry === 0 ? Math.max((hosted?.trial.written ?? 0) - mostEntries, 0) : 0;
  }

  #changed(messages: readonly LiveMessage[]): readonly string[] {
    return messages.flatMap((message) => {
      const text = JSON.stringify(message);
      if (this.#told.get(message.type) === text) return [];
      this.#told.set(message.type, message.type === 'journal' || message.type === 'messages' ? '' : text);
      return [text];
    });
  }

  #sessions({ id, run }: HostedRun): LiveMessage {
    return { type: 'sessions', run: id, sessions: [...run.sessions].map((session) => sessionViewOf(session, run)) };
  }

  #rates({ id, run }: HostedRun): LiveMessage[] {
    const before = this.#counts;
    const since = this.#counted;
    const now = run.now;
    this.#counts = new Map(
      [...run.sessions].map(({ id: session, delivered, record }) => {
        return [session, { events: delivered, bytes: record.backlog.written }];
      }),
    );
    this.#counted = now;
    if (since === undefined || now <= since) return [];
    const seconds = Number(now - since) / 1e9;
    const perSecond = (count: number): number => Math.round(count / seconds);
    const sessions = [...this.#counts].map(([session, { events, bytes }]) => {
      const earlier = before.get(session) ?? { events: 0, bytes: 0 };
      return {
        session,
        eventsPerSecond: perSecond(events - earlier.events),
        bytesPerSecond: perSecond(bytes - earlier.bytes),
      };
    });
    const eventsPerSecond = sessions.reduce((sum, one) => sum + one.eventsPerSecond, 0);
    const bytesPerSecond = sessions.reduce((sum, one) => sum + one.bytesPerSecond, 0);
    return [{ type: 'rates', run: id, eventsPerSecond, bytesPerSecond, sessions }];
  }

  #messages({ id }: HostedRun): LiveMessage[] {
    const { messages = [], skipped = 0 } = this.#sent?.take() ?? {};
    return messages.length === 0 ? [] : [{ type: 'messages', run: id, messages, skipped }];
  }

  #journal({ id, trial }: HostedRun): LiveMessage[] {
    const { written } = trial;
    if (written <= this.#entry) return [];
    const from = Math.max(this.#entry, written - mostEntries);
    const filter = this.#kinds === undefined ? {} : { kinds: this.#kinds };
    const entries = trial.entriesAfter(from, mostEntries).filter((entry) => isMeant(entry, filter));
    const skipped = from - this.#entry;
    this.#entry = written;
    return entries.length === 0 ? [] : [{ type: 'journal', run: id, entries: entries.map(entryViewOf), skipped }];
  }
}

function deckOf({ id, opened, run }: HostedRun): LiveMessage {
  const { phase, speed, pass, position, sessions } = run.status;
  return {
    ...{ type: 'deck', run: id, opened: isoMillis(opened), phase, speed, pass, sessions },
    ...(position === undefined ? {} : { position: isoMillis(position) }),
    faults: run.chronicle.live.size,
  };
}

const faultsOf = ({ id, run }: HostedRun): LiveMessage => {
  return { type: 'faults', run: id, faults: run.liveFaults.map(faultView) };
};
