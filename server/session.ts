import type { Cancel, Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import type { LineListener, Line } from './line.ts';
import type { Log } from './log.ts';
import type {
  AccountChannel,
  Command,
  Credentials,
  Exchange,
  Notice,
  Refusal,
  Stream,
  Subscription,
  Wire,
} from './exchanges/exchange.ts';
import type { Membership } from './fan-out.ts';
import { frame } from './frame.ts';
import { frameTexts, messageText } from './frame-log.ts';
import type { Interest } from './group.ts';
import type { Holder, Keys, Lease } from './keys.ts';
import { Subscriptions } from './subscriptions.ts';

const nothing = Buffer.alloc(0);
/** Close code of a server that ends a connection on purpose. */
const goingAway = 1001;

/** What a session needs of the run it belongs to. */
export interface Host {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly log: Log;
  /** Bytes that may wait for one client. */
  readonly outbox: number;
  /** Symbols, over all channels, that a session may hold whatever its plan. */
  readonly heldSymbols: number;
  /** A place among the listeners of the session's tape. */
  join(session: Session, interest: Interest): Membership;
  /** The acknowledgement of a subscription is on its way. */
  subscribed(session: Session): void;
  left(session: Session): void;
}

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
 * counts any more. gone: the connection is over, for whatever reason; its place and its timers are given back. In every phase the server pings, and drops who does not answer.
 */
export class Session implements LineListener, Holder {
  readonly id: number;
  readonly exchange: Exchange;
  readonly stream: Stream;
  readonly wire: Wire;
  readonly line: Line;
  /** Events delivered so far. */
  delivered = 0;
  /** Events it subscribed to and was not sent, because it read too slowly. */
  dropped = 0;
  /** What it hears of its account. */
  listening: readonly AccountChannel[] = [];
  readonly #host: Host;
  readonly #log: ReturnType<Log['child']> | undefined;
  readonly #deflate: boolean;
  #phase: Phase = { kind: 'greeted' };
  #subscriptions = Subscriptions.none;
  /** It has not subscribed to anything yet, and hears what comes unasked. */
  #silent = false;
  #heldUp = false;
  #membership: Membership | undefined;
  #deadline: Cancel | undefined;
  #drop: { readonly at: Nanos; readonly cancel: Cancel } | undefined;
  #ping: Cancel | undefined;
  #pongDue: Cancel | undefined;
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
    // Reading every frame for a log costs more than sending it: decided once, not per frame.
    this.#log = host.log.isLevelEnabled('trace') ? host.log.child({ session: id, stream: stream.path }) : undefined;
  }

  get subscriptions(): Subscriptions {
    return this.#subscriptions;
  }

  /** Begins the conversation; `credentials` are those of the upgrade request, if it had any. */
  open(credentials: Credentials | undefined): void {
    const { manners } = this.stream;
    if (manners.greets) this.#say({ kind: 'welcome' });
    this.#deadline = this.#in(manners.loginDeadline, () => this.#refuse('login-timeout'));
    this.#keepAlive();
    if (credentials !== undefined) this.#login(credentials);
  }

  message(data: Buffer): void {
    this.#log?.trace({ received: messageText(data) });
    this.#obey(this.wire.decode(data));
  }

  ping(payload: Buffer): void {
    if (!this.#over) this.#reply(frame('pong', payload));
  }

  pong(): void {
    this.#pongDue?.();
    this.#pongDue = undefined;
  }

  closed(clean: boolean): void {
    const lease = this.#lease;
    // A client that vanished without a word may keep its place for a while, as a ghost.
    lease?.release(clean ? 0n : this.stream.manners.ghost);
    this.#phase = { kind: 'gone' };
    this.#cancelAll();
    this.#membership?.leave();
    this.#host.left(this);
  }

  evicted(): void {
    this.#refuse('too-many-sessions');
  }

  deliver(frames: Buffer, events: number): void {
    this.line.write(frames);
    this.delivered += events;
    if (this.#log !== undefined) for (const sent of frameTexts(frames)) this.#log.trace({ sent });
  }

  /** Events left out because the client reads too slowly. */
  missed(events: number): void {
    if (this.dropped === 0) this.#host.log.warn({ session: this.id }, 'reads too slowly: events are left out');
    this.dropped += events;
  }

  /** Delivers what was written and ends the connection, the way this exchange does. */
  end(): void {
    if (this.#over) return;
    this.#phase = { kind: 'ending', lease: this.#lease };
    this.#cancelAll();
    this.#membership?.leave();
    this.line.hangUp(this.stream.manners.closeFrames ? goingAway : undefined);
  }

  /** The tape stands still until this client has read on. */
  heldUp(): void {
    if (!this.#heldUp) this.#host.log.warn({ session: this.id }, 'reads too slowly: the tape waits for it');
    this.#heldUp = true;
  }

  /** Tells a client that it reads too slowly, as far as it still reads, and ends the connection. */
  tooSlow(): void {
    this.#refuse('slow-client');
  }

  get #lease(): Lease | undefined {
    return this.#phase.kind === 'logged-in' || this.#phase.kind === 'ending' ? this.#phase.lease : undefined;
  }

  get #over(): boolean {
    return this.#phase.kind === 'ending' || this.#phase.kind === 'gone';
  }

  #cancelAll(): void {
    for (const cancel of [this.#deadline, this.#drop?.cancel, this.#ping, this.#pongDue]) cancel?.();
  }

  #obey(command: Command): void {
    if (this.#over) return;
    const held = this.#subscriptions;
    switch (command.kind) {
      case 'login':
        return this.#login(command.credentials);
      case 'subscribe':
        // Whoever asks hears what it asked for, and no longer what comes unasked.
        return this.#change('subscribed', command.to, (this.#silent ? Subscriptions.none : held).with(command.to));
      case 'unsubscribe':
        return this.#change('unsubscribed', command.from, held.without(command.from));
      case 'listen':
        return this.#listen(command.to);
      case 'ping':
        return this.#say({ kind: 'pong' });
      case 'nonsense':
        return this.#refuse(command.why);
    }
  }

  #login(credentials: Credentials): void {
    if (this.#phase.kind === 'logged-in') return this.#refuse('already-logged-in');
    this.#deadline?.();
    const lease = this.#host.keys.admit(credentials, this.exchange, this.stream, this);
    if (typeof lease === 'string') {
      this.#phase = { kind: 'refused' };
      return this.#refuse(lease);
    }
    this.#drop?.cancel();
    this.#drop = undefined;
    this.#phase = { kind: 'logged-in', lease };
    this.#say({ kind: 'logged-in' });
    const { unasked } = this.stream;
    if (unasked === undefined) return;
    this.#silent = true;
    this.#hear(Subscriptions.none.with(unasked));
  }

  #listen(to: readonly AccountChannel[]): void {
    if (this.#phase.kind !== 'logged-in') return this.#refuse('not-logged-in');
    this.listening = to;
    this.#say({ kind: 'listening', to });
  }

  /** All or nothing: a change that is refused leaves the subscriptions as they were. */
  #change(kind: 'subscribed' | 'unsubscribed', asked: readonly Subscription[], next: Subscriptions): void {
    if (this.#phase.kind !== 'logged-in') return this.#refuse('not-logged-in');
    const { symbols } = this.#phase.lease.plan;
    const tooMany =
      next.size > this.#host.heldSymbols || (symbols !== undefined && next.count(symbols.counted) > symbols.limit);
    if (kind === 'subscribed' && tooMany) {
      return this.#refuse('too-many-symbols');
    }
    if (kind === 'subscribed') this.#silent = false;
    // The reply comes first: data before it would break clients that read the next frame as the reply.
    this.#say({ kind, asked, all: next.list() });
    this.#hear(next);
  }

  #hear(next: Subscriptions): void {
    this.#subscriptions = next;
    const { markets, manners } = this.stream;
    const interest = { markets, subscriptions: next, deflateFrom: this.#deflate ? manners.deflateFrom : undefined };
    if (this.#membership === undefined) this.#membership = this.#host.join(this, interest);
    else this.#membership.change(interest);
    if (!next.empty) this.#host.subscribed(this);
  }

  /** Another refusal never puts off a drop: Alpaca's 10 s after the first 406 leave its Go SDK about 6 tries (sheet §3). */
  #refuse(why: Refusal): void {
    // A mistake in a message is the client's to see; what ends in silence or a dropped connection is ours to tell.
    this.#host.log[why === 'bad-syntax' ? 'debug' : 'warn'](
      { session: this.id, stream: this.stream.path, why },
      'refused',
    );
    if (this.#over) return;
    this.#say({ kind: 'refused', why });
    const patience = this.stream.manners.dropAfter[why];
    if (patience === undefined) return;
    if (patience === 0n) return this.end();
    const at = this.#host.clock.now() + patience;
    if (this.#drop !== undefined && this.#drop.at <= at) return;
    this.#drop?.cancel();
    this.#drop = { at, cancel: this.#host.clock.wake(at, () => this.end()) };
  }

  #say(notice: Notice): void {
    for (const payload of this.wire.notice(notice)) {
      const whole = frame(this.wire.encoder.opcode, payload);
      if (this.#log !== undefined) for (const sent of frameTexts(whole)) this.#log.trace({ sent });
      this.#reply(whole);
    }
  }

  /** Drops a client that asks and asks but never reads the answers. */
  #reply(bytes: Buffer): void {
    this.#unread = this.line.buffered === 0 ? 0 : this.#unread + bytes.length;
    if (this.#unread > this.#host.outbox) this.line.drop();
    else this.line.write(bytes);
  }

  #keepAlive(): void {
    const { ping } = this.stream.manners;
    if (ping === undefined) return;
    this.#ping = this.#in(ping.every, () => {
      this.line.write(frame('ping', nothing));
      // The oldest unanswered ping counts; a later one does not put off its end.
      this.#pongDue ??= this.#in(ping.patience, () => this.line.drop());
      this.#keepAlive();
    });
  }

  #in(span: Nanos, then: () => void): Cancel {
    return this.#host.clock.wake(this.#host.clock.now() + span, then);
  }
}
