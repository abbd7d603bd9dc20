import type { MarketEvent, Nanos, Price } from '../../../market/event.ts';
import { second } from '../../../market/nanos.ts';
import { type ByteWriter, type Encoder, type Snippet, snippet } from '../exchange.ts';
import type { Directory, Instrument } from './instruments.ts';

const key = {
  price: snippet(',"price":'),
  bid: snippet(',"bid":'),
  ask: snippet(',"ask":'),
  dayVolume: snippet(',"day_volume":'),
};

/** Symbols remembered; past it the memory starts afresh. All US listings are some 12,000. */
const rememberedSymbols = 32_768;

interface Opening {
  /** The event it was made of, for what the tape says of the instrument. */
  readonly of: Price;
  readonly bytes: Snippet;
}

/** Spells price events, one object a frame, keys in the order of the documents (sheet §3). */
export function priceEncoder(directory: Directory): Encoder {
  const openings = new Map<string, Opening>();
  // Neighbouring events share their second, and a bigint division costs more than the rest of the number.
  let reached = { at: 0n, seconds: 0 };

  function opening(event: Price): Snippet {
    const known = openings.get(event.symbol);
    if (known !== undefined && saysTheSame(known.of, event)) return known.bytes;
    if (openings.size >= rememberedSymbols) openings.clear();
    const made = { of: event, bytes: snippet(head(event, directory.find(event.symbol, event.market))) };
    openings.set(event.symbol, made);
    return made.bytes;
  }

  function secondsOf(at: Nanos): number {
    const ahead = Number(at - reached.at);
    if (ahead < 0 || ahead >= 1e9) {
      const seconds = at / second;
      reached = { at: seconds * second, seconds: Number(seconds) };
    }
    return reached.seconds;
  }

  return {
    name: 'twelvedata json',
    opcode: 'text',
    single: true,
    open: () => undefined,
    separate: () => undefined,
    close: () => undefined,
    event(event: MarketEvent, shift: Nanos, out: ByteWriter): void {
      if (event.kind !== 'price') {
        throw new RangeError(`Twelve Data's stream has no word for a ${event.kind}; subscribe none of that kind.`);
      }
      out.put(opening(event));
      out.number(secondsOf(event.at + shift));
      out.put(key.price);
      out.number(event.price);
      // Documented for currencies; no sample of a stock or an index has them (sheet §3, presence rules unknown).
      if (isPair(event)) {
        if (event.bidPrice !== undefined) {
          out.put(key.bid);
          out.number(event.bidPrice);
        }
        if (event.askPrice !== undefined) {
          out.put(key.ask);
          out.number(event.askPrice);
        }
      }
      if (event.dayVolume !== undefined && event.market !== 'forex') {
        out.put(key.dayVolume);
        // The Go SDK reads an int64 (sheet §3).
        out.number(Math.min(Math.max(Math.round(event.dayVolume), 0), Number.MAX_SAFE_INTEGER));
      }
      out.u8(0x7d);
    },
  };
}

const isPair = ({ market }: Price): boolean => market === 'forex' || market === 'crypto';

function saysTheSame(one: Price, other: Price): boolean {
  return (
    one.market === other.market &&
    one.exchange === other.exchange &&
    one.mic === other.mic &&
    one.currency === other.currency &&
    one.baseCurrency === other.baseCurrency &&
    one.quoteCurrency === other.quoteCurrency &&
    one.instrument === other.instrument
  );
}

/** What the tape says of the instrument goes before what the directory supposes. */
function head(event: Price, known: Instrument): string {
  const fields = {
    event: 'price',
    symbol: event.symbol,
    currency: event.currency ?? known.currency,
    currency_base: event.baseCurrency ?? known.base,
    currency_quote: event.quoteCurrency ?? known.quote,
    exchange: event.exchange ?? known.exchange,
    mic_code: event.mic ?? known.mic,
    type: event.instrument ?? known.type,
  };
  return `${JSON.stringify(fields).slice(0, -1)},"timestamp":`;
}
