import type { Channel } from '../../market/event.ts';
import type { Entry } from '../journal-entry.ts';
import type { Account, Ledger } from '../ledger.ts';

/** Whom, and what, an expectation is about. */
export interface Aim {
  /** An exchange, or one path of it. */
  readonly endpoint?: string | undefined;
  /** The label of the key that its clients show. */
  readonly client?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  readonly channels?: readonly Channel[] | undefined;
}

/** Lets through what is about a target: entries of its endpoint and client, and of lists only its symbols and channels. */
export class Sights {
  readonly #aim: Aim;
  /** Connections that turned out to be somebody else's. */
  readonly #others = new Set<number>();

  constructor(aim: Aim) {
    this.#aim = aim;
  }

  /** The entry as far as it is about the target. A connection that has shown no key yet may be the target's. */
  see(entry: Entry): Entry | undefined {
    if (entry.kind === 'fault' || entry.kind === 'deck') return entry;
    const path = entry.kind === 'asked' ? pathOf(entry.url) : entry.path;
    if (!isAt(this.#aim.endpoint, entry.exchange, path)) return undefined;
    if (entry.kind === 'asked') {
      if (this.#aim.client !== undefined && entry.client !== this.#aim.client) return undefined;
      return { ...entry, covers: entry.covers.filter((part) => this.#concerns(part.symbol, part.channel)) };
    }
    if (this.#isAnothers(entry.session, entry.client, entry.kind === 'closed' || entry.kind === 'moved'))
      return undefined;
    if (entry.kind !== 'subscribed' || (this.#aim.symbols ?? this.#aim.channels) === undefined) return entry;
    const list = entry.list.flatMap(({ channel, symbols }) => {
      const its = symbols.filter((symbol) => symbol === '*' || this.#concerns(symbol, channel));
      return its.length === 0 ? [] : [{ channel, symbols: its }];
    });
    return { ...entry, list };
  }

  /** The ledger as far as it is about the target. */
  narrow(ledger: Ledger): Ledger {
    const { endpoint, client } = this.#aim;
    return {
      accounts: async (signal) =>
        (await ledger.accounts(signal))
          .filter((one) => isAt(endpoint, one.exchange, one.path) && (client === undefined || one.client === client))
          .map((account) => this.#part(account)),
    };
  }

  #part(account: Account): Account {
    if ((this.#aim.symbols ?? this.#aim.channels) === undefined) return account;
    const concerns = (symbol: string, channel: Channel): boolean => this.#concerns(symbol, channel);
    return {
      ...account,
      missed: account.missed.filter(({ symbol, channel }) => concerns(symbol, channel)),
      async *rows(signal) {
        for await (const row of account.rows(signal)) if (concerns(row.event.symbol, row.event.kind)) yield row;
      },
    };
  }

  #concerns(symbol: string, channel: Channel): boolean {
    const { symbols, channels } = this.#aim;
    return (symbols?.includes(symbol) ?? true) && (channels?.includes(channel) ?? true);
  }

  #isAnothers(session: number, client: string | undefined, over: boolean): boolean {
    if (this.#aim.client === undefined) return false;
    if (client !== undefined && client !== this.#aim.client) this.#others.add(session);
    return over ? this.#others.delete(session) : this.#others.has(session);
  }
}

/** `alpaca`, `alpaca/v2/iex` or the beginning of a path: `polygon/v2/aggs`. */
function isAt(endpoint: string | undefined, exchange: string, path: string): boolean {
  if (endpoint === undefined) return true;
  const here = `${exchange}${path.startsWith('/') ? '' : '/'}${path}`;
  return here === endpoint || here.startsWith(`${endpoint}/`);
}

const pathOf = (url: string): string =>
  URL.canParse(url, 'http://exchange') ? new URL(url, 'http://exchange').pathname : url;
