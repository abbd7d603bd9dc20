import { isBar, type MarketEvent } from '../../../../market/event.ts';
import type { Access } from '../../exchange.ts';
import type { RowWriter } from './rows.ts';
import { startsOf } from './series.ts';

/** Writes the newest of something, and takes down that it was told. */
export function newestRows(write: RowWriter<MarketEvent>, { scribe }: Pick<Access, 'scribe'>): RowWriter<MarketEvent> {
  if (scribe === undefined) return write;
  return (event, shift, out) => {
    write(event, shift, out);
    // A whole book is made of many changes.
    if (event.kind === 'book') return;
    const channel = event.kind === 'updated-bar' ? 'bar' : event.kind;
    const zone = event.market === 'crypto' ? 'UTC' : 'America/New_York';
    scribe(event, channel, isBar(event) ? startsOf[zone](event, shift) : event.at + shift, true);
  };
}
