import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { floorTo, milli, second } from '../../../market/nanos.ts';
import { type ByteWriter, type Encoder, jsonArray, snippet } from '../exchange.ts';

const key = {
  S: snippet('{"S":'),
  t: snippet(',"t":"'),
  o: snippet('","o":'),
  h: snippet(',"h":'),
  l: snippet(',"l":'),
  c: snippet(',"c":'),
  v: snippet(',"v":'),
};
const micro: Nanos = 1000n;

/**
 * Spells bars as the recycler did: one array a step, one object a symbol, with these seven keys in this order and no others
 * (`data_recycler_server.py` at 70b0003). Unlike its `t`, this one tells its zone and is the start of the bar.
 */
export function barEncoder(): Encoder {
  return {
    name: 'recycler json',
    ...jsonArray,
    event(event: MarketEvent, shift: Nanos, out: ByteWriter): void {
      if (event.kind !== 'bar') {
        throw new RangeError(`The recycler has no word for a ${event.kind}; subscribe none of that kind.`);
      }
      out.put(key.S);
      out.jsonString(event.symbol);
      out.put(key.t);
      time(event.start + shift, out);
      out.put(key.o);
      out.number(event.open);
      out.put(key.h);
      out.number(event.high);
      out.put(key.l);
      out.number(event.low);
      out.put(key.c);
      out.number(event.close);
      out.put(key.v);
      // Its client stores int(volume), which fails on a fraction.
      out.number(Math.max(0, Math.round(event.volume)));
      out.u8(0x7d);
    },
  };
}

/** Whole seconds, or else six decimals: the client's `datetime.fromisoformat` reads no other number of them before Python 3.11. */
function time(at: Nanos, out: ByteWriter): void {
  if (at % second === 0n) return out.rfc3339(at);
  const millis = new Date(Number(floorTo(at, milli) / milli)).toISOString().slice(0, -1);
  out.ascii(`${millis}${String((at - floorTo(at, milli)) / micro).padStart(3, '0')}Z`);
}
