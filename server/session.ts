import type { Cancel } from '../market/clock.ts';
import type { Market, Nanos } from '../market/event.ts';
import type { LineListener, Line } from './line.ts';
import type { Log } from './log.ts';
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
import { frame } from './frame.ts';
import { frameTexts, messageText } from './frame-log.ts';
import type { Host } from './host.ts';
import type { Holder, Lease } from './keys.ts';
import { Subscriptions } from './subscriptions.ts';
import { Vigil } from './vigil.ts';
import { grant, release, type Grant } from './wishes.ts';

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
    this.#vigil = new Vigil(line, stream.manners, host.clock, () => this.#refuse('idle'));
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
    const { clock } = this.#host;
    this.#deadline = clock.wake(clock.now() + manners.loginDeadline, () => this.#refuse('login-timeout'));
    this.#vigil.begin();
    if (credentials !== undefined) this.#login(credentials);
  }

  message(data: Buffer): void {
    this.#log?.trace({ received: messageText(data) });
    if (this.#over) return;
    const { messagesPerMinute = Infinity } = this.stream.manners;
    const count = this.#vigil.heard();
    if (count > messagesPerMinute) return this.#refuse('too-many-messages', count);
    this.#obey(this.wire.decode(data));
  }

  ping(payload: Buffer): void {
    if (!this.#over) this.#reply(frame('pong', payload));
  }

  pong(): void {
    this.#vigil.pong();
  }

  closed(clean: boolean): void {
    const lease = this.#lease;
    // A client that vanished without a word may keep its place for a while, as a ghost.
    lease?.release(clean ? 0n : this.stream.manners.ghost);
    this.#phase = { kind: 'gone' };
    this.#cancelAll();
    this.#membership?.leave();
    this.#host.left();
  }

  evicted(sessions: number): void {
    this.#refuse('too-many-sessions', sessions);
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
  end(code: Ending['code'] = goingAway): void {
    if (this.#over) return;
    this.#phase = { kind: 'ending', lease: this.#lease };
    this.#cancelAll();
    this.#membership?.leave();
    this.line.hangUp(this.stream.manners.closeFrames && code !== 'none' ? code : undefined);
  }

  /** The tape stands still until this client has read on. */
  heldUp(): void {
    if (!this.#heldUp) this.#host.log.warn({ session: this.id }, 'reads too slowly: the tape waits for it');
    this.#heldUp = true;
  }

  /** Sends the client away, with the word this exchange has for that. */
  dismiss(): void {
    this.#refuse('dismissed');
    this.end();
  }

  /** Tells a client that it reads too slowly, as far as it still reads, and ends the connection. */
  tooSlow(): void {
    this.#refuse('slow-client');
  }

  get #lease(): Lease | undefined {
    return 'lease' in this.#phase ? this.#phase.lease : undefined;
  }

  get #over(): boolean {
    return this.#phase.kind === 'ending' || this.#phase.kind === 'gone';
  }

  #cancelAll(): void {
    this.#deadline?.();
    this.#drop?.cancel();
    this.#vigil.end();
  }

  #obey(command: Command): void {
    switch (command.kind) {
      case 'login':
        return this.#login(command.credentials);
      case 'ping':
        return this.#say({ kind: 'pong' });
      case 'nonsense':
        return this.#refuse(command.why);
      case 'ignored':
        return;
      case 'subscribe':
      case 'unsubscribe':
      case 'reset':
      case 'listen':
        if (this.#phase.kind !== 'logged-in') return this.#refuse('not-logged-in');
        return this.#fulfil(command, this.#phase.lease.plan);
    }
  }

  /** What only who has logged in may ask. */
  #fulfil(command: Extract<Command, { kind: 'subscribe' | 'unsubscribe' | 'reset' | 'listen' }>, plan: Plan): void {
    switch (command.kind) {
      case 'subscribe':
        return this.#subscribe(command.to, plan);
      case 'unsubscribe':
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

  #subscribe(wishes: readonly Wish[], plan: Plan): void {
    const { heldSymbols } = this.#host;
    const { overLimit, unknownSymbols } = this.stream.manners;
    const terms = { overLimit, unknownSymbols, plan, heldSymbols, marketOf: this.#marketOf };
    // Whoever asks hears what it asked for, and no longer what comes unasked.
    const granted = grant(wishes, this.#silent ? Subscriptions.none : this.#subscriptions, terms);
    if (typeof granted === 'string') return this.#refuse(granted);
    this.#silent = false;
    this.#change('subscribed', granted);
  }

  #change(kind: 'subscribed' | 'unsubscribed', { verdicts, next }: Grant): void {
    // The reply comes first: data before it would break clients that read the next frame as the reply.
    this.#say({ kind, verdicts, all: next.list() });
    if (this.#lease?.isSurplus === true) this.#refuse('too-many-sessions', this.#lease.plan.sessions);
    else this.#hear(next);
  }

  readonly #marketOf = (symbol: string): Market | undefined => this.#host.marketOf(symbol, this.stream.markets);

  #hear(next: Subscriptions): void {
    this.#subscriptions = next;
    const { markets, manners } = this.stream;
    const deflateFrom = this.#deflate ? manners.deflateFrom : undefined;
    const interest = { exchange: this.exchange, markets, subscriptions: next, deflateFrom };
    if (this.#membership === undefined) this.#membership = this.#host.join(interest);
    else this.#membership.change(interest);
    if (!next.empty) this.#host.subscribed();
  }

  /** Another refusal never puts off a drop: Alpaca's 10 s after the first 406 leave its Go SDK about 6 tries (sheet §3). */
  #refuse(why: Refusal, count?: number): void {
    // A mistake in a message is the client's to see; what ends in silence or a dropped connection is ours to tell.
    this.#host.log[why === 'bad-syntax' ? 'debug' : 'warn'](
      { session: this.id, stream: this.stream.path, why },
      'refused',
    );
    if (this.#over) return;
    this.#say({ kind: 'refused', why, ...(count === undefined ? {} : { count }) });
    const ending = this.stream.manners.ends[why];
    if (ending === undefined) return;
    const { after, code } = ending;
    if (after === 0n) return this.end(code);
    const at = this.#host.clock.now() + after;
    if (this.#drop !== undefined && this.#drop.at <= at) return;
    this.#drop?.cancel();
    this.#drop = { at, cancel: this.#host.clock.wake(at, () => this.end(code)) };
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
}
