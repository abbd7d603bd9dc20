import { eventFields, jsonText } from '../../../market/event-fields.ts';
import type { MarketEvent } from '../../../market/event.ts';

/** Spells an event as one NDJSON line without its end, Nanos as text, so that equal tapes have equal bytes. */
export function lineOfEvent(event: MarketEvent): string {
  const head = `{"kind":"${event.kind}","market":"${event.market}","symbol":${jsonText(event.symbol)},"at":"${event.at}"`;
  return `${head}${eventFields(event, String)}}`;
}
