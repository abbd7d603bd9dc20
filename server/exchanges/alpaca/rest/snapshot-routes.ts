import { z } from 'zod';
import type { Nanos } from '../../../../market/event.ts';
import { type Access, type ByteWriter, Latest, type RestRequest, type Route } from '../../exchange.ts';
import { keyOf, refused, written } from './answers.ts';
import type { Feed } from './feeds.ts';
import { feedOf, latestFrame } from './latest-routes.ts';
import { newestRows } from './newest-rows.ts';
import { type Place, shapes } from './places.ts';
import { read, symbols } from './query.ts';
import { cryptoRows, stockRows } from './rows.ts';
import { isEmpty, type Snapshot, snapshotOf, writeSnapshot } from './snapshots.ts';

/** Snapshots of stocks and of crypto: latest trade and quote, the minute, the day and the day before (sheet §7). */
export function snapshotRoutes(lagOf: (feed: Feed) => Nanos): readonly Route[] {
  return [
    { method: 'GET', path: '/v2/stocks/snapshots', answer: manyStocks(lagOf) },
    { method: 'GET', path: '/v2/stocks/:symbol/snapshot', answer: oneStock(lagOf) },
    { method: 'GET', path: '/v1beta3/crypto/:loc/snapshots', keyless: true, answer: crypto() },
  ];
}

/** A bare object by symbol; null stands for a symbol of which nothing is known (sheet §7). */
function manyStocks(lagOf: (feed: Feed) => Nanos): Route['answer'] {
  const shape = asked('stocks');
  const write = stockRows();
  return async (request, access) => {
    const given = read(shape, request);
    if ('refusal' in given) return given.refusal;
    const find = finderOf('stocks', given.asked.feed, lagOf, request, access);
    if ('refusal' in find) return find.refusal;
    return written(async (out) => {
      let separator = '{';
      for (const symbol of given.asked.symbols) {
        const snapshot = await find.snapshot(symbol);
        out.utf8(`${separator}${keyOf(symbol)}`);
        separator = ',';
        if (isEmpty(snapshot)) out.ascii('null');
        else braced(out, () => writeSnapshot(snapshot, newestRows(write, access), out));
      }
      out.u8(0x7d);
    });
  };
}

function oneStock(lagOf: (feed: Feed) => Nanos): Route['answer'] {
  const shape = asked('stocks');
  const write = stockRows();
  return async (request, access) => {
    const given = read(shape, request);
    if ('refusal' in given) return given.refusal;
    const find = finderOf('stocks', given.asked.feed, lagOf, request, access);
    if ('refusal' in find) return find.refusal;
    const symbol = request.params['symbol'] ?? '';
    const snapshot = await find.snapshot(symbol);
    if (isEmpty(snapshot)) return refused(404, `no snapshot found for ${symbol}`);
    return written((out) => {
      out.utf8(`{${keyOf('symbol')}${JSON.stringify(symbol)},`);
      writeSnapshot(snapshot, newestRows(write, access), out);
      out.u8(0x7d);
    });
  };
}

function crypto(): Route['answer'] {
  const shape = asked('crypto');
  const write = cryptoRows();
  return async (request, access) => {
    const given = read(shape, request);
    if ('refusal' in given) return given.refusal;
    return written(async (out) => {
      out.ascii('{"snapshots":{');
      let separator = '';
      for (const symbol of given.asked.symbols) {
        const snapshot = await snapshotOf(new Latest(access.history, 'crypto', symbol, 0n, request.signal));
        if (isEmpty(snapshot)) continue;
        out.utf8(`${separator}${keyOf(symbol)}`);
        separator = ',';
        braced(out, () => writeSnapshot(snapshot, newestRows(write, access), out));
      }
      out.ascii('}}');
    });
  };
}

function asked(place: Place) {
  return z.strictObject({ ...latestFrame(place), symbols: symbols(shapes[place]) });
}

/** Finds snapshots as the feed of a request tells them, or says why not. */
export function finderOf(
  place: Place,
  named: Feed | undefined,
  lagOf: (feed: Feed) => Nanos,
  { signal }: RestRequest,
  access: Access,
): { snapshot(symbol: string): Promise<Snapshot> } | Extract<ReturnType<typeof feedOf>, { refusal: unknown }> {
  const meant = feedOf(place, named, access);
  if ('refusal' in meant) return meant;
  const lag = meant.feed === undefined ? 0n : lagOf(meant.feed);
  return { snapshot: (symbol) => snapshotOf(new Latest(access.history, place, symbol, lag, signal)) };
}

export function braced(out: ByteWriter, inside: () => void): void {
  out.u8(0x7b);
  inside();
  out.u8(0x7d);
}
