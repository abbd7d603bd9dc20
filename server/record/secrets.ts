import { createRequire } from 'node:module';
import type * as MessagePack from '@msgpack/msgpack';
import type { Wire } from '../exchanges/exchange.ts';
import { isSecretName } from '../wire/frame-log.ts';
import type { Frame } from './frame-ear.ts';

const require = createRequire(import.meta.url);
/** Only whoever writes down binary logins needs it. */
const messagePack = (): typeof MessagePack => require('@msgpack/msgpack');

const blacked = '***';
/** Shorter ones are blacked out where they are shown, not wherever their letters occur. */
const tellingLength = 6;
/** Values remembered; the oldest is forgotten first. Clients have a key and a secret or two. */
const mostKept = 1024;

/** What must never be written down: keys as clients show them, in headers, in the URL or in messages. */
export class Secrets {
  readonly #kept = new Set<string>();

  learn(...values: readonly (string | undefined)[]): void {
    for (const value of values) if (value !== undefined && value.length >= tellingLength) this.#kept.add(value);
    for (const value of this.#kept) if (this.#kept.size > mostKept) this.#kept.delete(value);
  }

  /** Learns what stands in the headers of a request under the names of secrets, also behind a scheme: `Bearer …`. */
  learnHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): void {
    for (const [name, value] of Object.entries(headers)) {
      if (!isSecretName(name.replace(/^sec-websocket-key$/, '')) && name !== 'cookie') continue;
      for (const text of [value ?? []].flat()) this.learn(text, text.slice(text.lastIndexOf(' ') + 1));
    }
  }

  /** A path with its query, secrets blacked out, which are learnt on the way. */
  pathOf(path: string): string {
    const query = path.indexOf('?');
    if (query < 0) return this.conceal(path);
    const shown = path
      .slice(query + 1)
      .split('&')
      .map((part) => {
        const [name = '', value = ''] = part.split('=');
        if (!isSecretName(name)) return part;
        this.learn(value, plain(value));
        return `${name}=${blacked}`;
      });
    return this.conceal(`${path.slice(0, query)}?${shown.join('&')}`);
  }

  /** A text without any secret known so far. */
  conceal(text: string): string {
    let concealed = text;
    for (const secret of this.#kept) concealed = concealed.replaceAll(secret, blacked);
    return concealed;
  }

  /**
   * A client's message as it may be written down. What shows a key is told by the exchange; where there is none, by the names of members,
   * and of a message without names only its length.
   */
  clientWords({ data, kind }: Extract<Frame, { data: Buffer }>, wire: Wire | undefined): Shown {
    if (kind === 'ping' || kind === 'pong') return this.vendorWords(data, 'binary');
    const command = wire?.decode(data);
    if (command?.kind === 'login') this.learn(command.credentials.key, command.credentials.secret);
    const isPlain = wire !== undefined && command?.kind !== 'login' && command?.kind !== 'nonsense';
    if (isPlain) return this.vendorWords(data, kind);
    const said = membersOf(data);
    if (said === undefined) return { hidden: `${data.length} bytes` };
    const text = JSON.stringify(said, (name, value: unknown) => {
      if (isSecretName(name) && (typeof value === 'string' || typeof value === 'number')) {
        this.learn(String(value));
        return blacked;
      }
      return typeof value === 'bigint' ? String(value) : value;
    });
    return { text: this.conceal(text) };
  }

  /** A vendor's message as it may be written down: whole, unless it says a secret back. */
  vendorWords(data: Buffer, kind: 'text' | 'binary'): Shown {
    if (kind === 'text') return { text: this.conceal(data.toString()) };
    for (const secret of this.#kept) if (data.includes(secret)) return { hidden: `${data.length} bytes` };
    return { base64: data.toString('base64') };
  }
}

/** A message for a file: as it is, in whichever way JSON can hold it, or only how long it was. */
export type Shown = { readonly text: string } | { readonly base64: string } | { readonly hidden: string };

function plain(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return value;
    throw error;
  }
}

/** What a message holds, JSON or MessagePack, when it is an object or a list; absent for all else. */
function membersOf(data: Buffer): object | undefined {
  try {
    const value: unknown = (data[0] ?? 0) >= 0x80 ? messagePack().decode(data) : JSON.parse(data.toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Whatever is wrong with it, it is not shown, and the conversation goes on.
    return undefined;
  }
}
