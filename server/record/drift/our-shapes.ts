import type { Market, MarketEvent } from '../../../market/event.ts';
import { ByteWriter, type Heard, type Wire } from '../../exchanges/exchange.ts';
import { blankShape, note, type Shape } from './shape.ts';
import { specimens } from './specimens.ts';

/** What our encoder makes of an event, heard as the vendor's words are; `undefined` when it has no word for it. */
export function oursOf(wire: Wire, event: MarketEvent, out: ByteWriter): Heard | undefined {
  out.length = 0;
  const { encoder } = wire;
  try {
    encoder.open(1, out);
    encoder.event(event, 0n, out);
    encoder.close(out);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return wire.hear?.(Buffer.from(out.bytes.subarray(0, out.length)))[0];
}

/** The shapes of all the messages that our encoder has for these markets, by type. */
export function ourShapes(wire: Wire, markets: readonly Market[]): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  const out = new ByteWriter(1024);
  const events = markets.flatMap((market) => [...specimens(market, true), ...specimens(market, false)]);
  for (const event of events) {
    const heard = oursOf(wire, event, out);
    if (heard === undefined) continue;
    const shape = shapes.get(heard.type) ?? blankShape();
    shapes.set(heard.type, shape);
    note(shape, heard.said);
  }
  return shapes;
}
