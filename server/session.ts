import type { Cancel } from '../market/clock.ts';
import type { Market } from '../market/event.ts';
import { Departure } from './session/departure.ts';
import type { Cargo, LineListener, Line } from './session/line.ts';
import type {
  AccountChannel,
  Command,
  Credentials,
  Ending,
  Exchange,
  Notice,
  Plan,
  Refusal,
  Stream,
  Wire,
  Wish,
} from './exchanges/exchange.ts';
import type { Membership } from './fan-out.ts';
import { frame } from './wire/frame.ts';
import type { Host } from './session/host.ts';
import type { Holder, Lease } from './keys.ts';
import type { SessionRecord } from './session/session-record.ts';
import { Subscriptions } from './fan-out/subscriptions.ts';
import { Vigil } from './session/vigil.ts';
import { grant, release, type Grant } from './session/wishes.ts';

/** Close code of a server that ends a connection on purpose. */
const goingAway = 1001;

type Phase =
  | { readonly kind: 'greeted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'logged-in'; readonly lease: Lease }
  | { readonly kind: 'ending'; readonly lease: Lease | undefined }
  | { readonly kind: 'gone' };

/**
 * One client connection, for every vendor: what differs between them is data on the stream, its wire and its manners.
 *
 * greeted: connected, perhaps welcomed; the login deadline runs. A good login leads to logged-in; a refused one to refused, where
 * the deadline no longer counts but another login may be tried; silence ends in login-timeout. logged-in: may subscribe and
 * hears the tape; a second login is refused and changes nothing. ending: the last words are on their way and nothing the client says
 * counts any more. gone: the connection is over, for whatever reason; its place and its timers are given back.
 */
export class Session implements LineListener, Holder {
  readonly id: number;
  readonly exchange: Exchange;
  readonly stream: Stream;
  readonly wire: Wire;
  readonly line: Line;
  /** What is written down of it. */
  readonly record: SessionRecord;
  /** Events delivered so far. */
  delivered = 0;
  /** Events it subscribed to and was not sent, because it read too slowly. */
  dropped = 0;
  /** What it hears of its account. */
  listening: readonly AccountChannel[] = [];
  readonly #host: Host;
  readonly #deflate: boolean;
  #phase: Phase = { kind: 'greeted' };
  #subscriptions = Subscriptions.none;
  /** It has not subscribed to anything yet, and hears what comes unasked. */
  #silent = false;
  #membership: Membership | undefined;
  #deadline: Cancel | undefined;
  readonly #departure: Departure;
  readonly #vigil: Vigil;
  /** Bytes of replies written since the client last had read everything. */
  #unread = 0;

  constructor(id: number, exchange: Exchange, stream: Stream, wire: Wire, line: Line, deflate: boolean, host: Host) {
    this.id = id;
    this.exchange = exchange;
    this.stream = stream;
    this.wire = wire;
    this.line = line;
    this.#deflate = deflate;
    this.#host = host;
    this.record = host.record;
    this.#departure = new Departure(host.clock, (code) => this.end(code));
    this.#vigil = new Vigil(line, stream.manners, host.clock, () => this.refuse('idle'));
  }

  get subscriptions(): Subscriptions {
    return this.#subscriptions;
  }

  /** Begins the conversation; `credentials` are those of the upgrade request, if it had any. Who comes with a login has been greeted. */
  open(credentials: Credentials | undefined, login?: Buffer): void {
    const { greets, loginDeadline } = this.stream.manners;
    if (greets && login === undefined) this.#say({ kind: 'welcome' });
    const { clock } = this.#host;
    this.#deadline = clock.wake(clock.now() + loginDeadline, () => this.refuse('login-timeout'));
    this.#vigil.begin();
    if (credentials !== undefined) this.#login(credentials);
    if (login !== undefined) this.message(login);
  }

  message(data: Buffer): void {
    const command = this.wire.decode(data);
    const isNew = this.#phase.kind === 'greeted' || this.#phase.kind === 'refused';
    if (isNew && command.kind === 'login' && this.#host.moves(command.credentials, data)) return;
    this.record.heard(data, command.kind);
    if (this.#over) return;
    const count = this.#vigil.heard();
    if (count > (this.stream.manners.messagesPerMinute ?? Infinity)) return this.refuse('too-many-messages', count);
    this.#obey(command);
  }

  ping(payload: Buffer): void {
    this.record.pinged('ping');
    if (!this.#over && this.#host.ordeal.pong() === undefined) this.#reply(frame('pong', payload));
  }

  pong(): void {
    this.record.pinged('pong');
    this.#vigil.pong();
  }

  closed(clean: boolean): void {
    const lease = this.#lease;
    this.record.closed(clean);
    // A client that vanished without a word may keep its place for a while, as a ghost.
    lease?.release(clean ? 0n : this.stream.manners.ghost);
    this.#phase = { kind: 'gone' };
    this.#stop();
    this.#host.left();
  }

  evicted(sessions: number): void {
    this.refuse('too-many-sessions', sessions);
  }

  /** Events of the tape, and perhaps others. */
  deliver(frames: Buffer, events: number, cargo: Cargo): void {
    this.line.write(frames, cargo);
    this.delivered += events;
    this.record.sent(frames, events, cargo.from, cargo.to);
  }

  /** Events left out because the client reads too slowly. */
  missed(events: number, cargo: Cargo): void {
    this.dropped += events;
    this.record.missed(events, cargo.from, cargo.to);
  }

  /** Delivers what was written and ends the connection, the way this exchange does. */
  end(code: Ending['code'] = goingAway): void {
    const sent = this.stream.manners.closeFrames && code !== 'none' ? code : undefined;
    this.endBy((line) => line.hangUp(sent), sent);
  }

  /** Ends the connection in another way; `code`: of the Close frame, if there is one. */
  endBy(goodbye: (line: Line) => void, code?: number): void {
    if (this.#over) return;
    this.#phase = { kind: 'ending', lease: this.#lease };
    this.record.ends(code);
    this.#stop();
    goodbye(this.line);
  }

  get loggedIn(): boolean {
    return this.#phase.kind === 'logged-in';
  }

  get #lease(): Lease | undefined {
    return 'lease' in this.#phase ? this.#phase.lease : undefined;
  }

  get #over(): boolean {
    return this.#phase.kind === 'ending' || this.#phase.kind === 'gone';
  }

  #stop(): void {
    this.#deadline?.();
    this.#departure.cancel();
    this.#vigil.end();
    this.#membership?.leave();
    this.#host.ordeal.parts();
  }

  #obey(command: Command): void {
    switch (command.kind) {
      case 'login':
        return this.#login(command.credentials);
      case 'ping':
        return this.#say({ kind: 'pong' });
      case 'nonsense':
        return this.refuse(command.why);
      case 'ignored':
        return;
      case 'subscribe':
      case 'unsubscribe':
      case 'reset':
      case 'listen':
        if (this.#phase.kind !== 'logged-in') return this.refuse('not-logged-in');
        return this.#fulfil(command, this.#phase.lease.plan);
    }
  }

  /** What only who has logged in may ask. */
  #fulfil(command: Extract<Command, { kind: 'subscribe' | 'unsubscribe' | 'reset' | 'listen' }>, plan: Plan): void {
    switch (command.kind) {
      case 'subscribe':
        return this.#subscribe(this.#host.ordeal.wishes(command.to), plan);
      case 'unsubscribe':
        this.#host.ordeal.unsubscribes();
        return this.#change('unsubscribed', release(command.from, this.#subscriptions, { marketOf: this.#marketOf }));
      case 'reset':
        this.#say({ kind: 'reset' });
        return this.#hear(Subscriptions.none);
      case 'listen':
        this.listening = command.to;
        return this.#say({ kind: 'listening', to: command.to });
    }
  }

  #login(credentials: Credentials): void {
    if (this.#phase.kind === 'logged-in') return this.refuse('already-logged-in');
    const fault = this.stream.manners.login === 'upgrade' ? undefined : this.#host.ordeal.login(credentials);
    if (fault === 'ignored') return;
    this.#deadline?.();
    const lease = fault ?? this.#host.keys.admit(credentials, this.exchange, this.stream, this);
    if (typeof lease === 'string') {
      this.#phase = { kind: 'refused' };
      return this.refuse(lease);
    }
    this.#departure.cancel();
    this.#phase = { kind: 'logged-in', lease };
    this.record.loggedIn(credentials.key);
    this.#say({ kind: 'logged-in' });
    this.#host.ordeal.known();
    if (this.stream.unasked === undefined) return;
    this.#silent = true;
    this.#hear(Subscriptions.none.with(this.stream.unasked));
  }

  #subscribe(wishes: readonly Wish[], plan: Plan): void {
    const { heldSymbols, ordeal } = this.#host;
    const terms = { ...this.stream.manners, plan, heldSymbols, cap: ordeal.cap('symbols'), marketOf: this.#marketOf };
    // Whoever asks hears what it asked for, and no longer what comes unasked.
    const granted = grant(wishes, this.#silent ? Subscriptions.none : this.#subscriptions, terms);
    if (typeof granted === 'string') return this.refuse(granted);
    this.#silent = false;
    this.#change('subscribed', granted);
  }

  #change(kind: 'subscribed' | 'unsubscribed', { verdicts, next }: Grant): void {
    // The reply comes first: data before it would break clients that read the next frame as the reply.
    this.#say({ kind, verdicts, all: next.list() });
    if (this.#lease?.isSurplus === true) this.refuse('too-many-sessions', this.#lease.plan.sessions);
    else this.#hear(next);
  }

  readonly #marketOf = (symbol: string): Market | undefined => this.#host.marketOf(symbol, this.stream.markets);

  #hear(next: Subscriptions): void {
    this.#subscriptions = next;
    this.record.subscribed(next.list());
    const { markets, manners } = this.stream;
    const deflateFrom = this.#deflate ? manners.deflateFrom : undefined;
    const interest = { exchange: this.exchange, markets, subscriptions: next, deflateFrom };
    if (this.#membership === undefined) this.#membership = this.#host.join(interest);
    else this.#membership.change(interest);
    this.#host.ordeal.hears();
    if (!next.empty) this.#host.subscribed();
  }

  /** Says no, and ends the connection where this exchange does. */
  refuse(why: Refusal, count?: number): void {
    this.record.refused(why);
    if (this.#over) return;
    this.#say({ kind: 'refused', why, ...(count === undefined ? {} : { count }) });
    const ending = this.stream.manners.ends[why];
    if (ending !== undefined) this.#departure.set(ending);
  }

  #say(notice: Notice): void {
    const fate = this.#host.ordeal.notice(notice);
    if (fate === 'lost') return;
    if (fate !== undefined) this.#host.hold(fate);
    for (const payload of this.wire.notice(notice)) {
      const whole = frame(this.wire.encoder.opcode, payload);
      this.record.said(whole);
      this.#reply(whole);
    }
  }

  /** Drops a client that asks and asks but never reads the answers. */
  #reply(bytes: Buffer): void {
    this.#unread = this.line.buffered === 0 ? 0 : this.#unread + bytes.length;
    if (this.#unread > this.#host.outbox) this.line.drop();
    else this.line.write(bytes);
  }
}
