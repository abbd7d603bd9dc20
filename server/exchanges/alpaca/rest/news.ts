import { z } from 'zod';
import type { News } from '../../../../market/event.ts';
import type { Route } from '../../exchange.ts';
import { refused, written } from './answers.ts';
import { newYork, newsShape } from './places.ts';
import { flag, invalidToken, limit, part, read, symbols } from './query.ts';
import { newsRows } from './rows.ts';
import { newsItems } from './series.ts';
import { writePage } from './walk.ts';

/** News about stocks and crypto, newest first unless asked otherwise, without its texts unless asked for (sheet §7, official OpenAPI). */
export function newsRoute(): Route {
  const shape = z.strictObject({
    ...part(newYork, 'desc'),
    symbols: symbols(newsShape).optional(),
    limit: limit(10, 50),
    include_content: flag('include_content').optional(),
    exclude_contentless: flag('exclude_contentless').optional(),
  });
  const write = newsRows();
  return {
    method: 'GET',
    path: '/v1beta1/news',
    async answer(request, { history, scribe }) {
      const given = read(shape, request);
      if ('refusal' in given) return given.refusal;
      const { symbols: names, start, end, sort, limit: most, page_token: bookmark } = given.asked;
      const { include_content: whole, exclude_contentless: filled } = given.asked;
      if (start !== undefined && end !== undefined && end < start)
        return refused(400, 'end should not be before start');
      const wanted = (item: News): boolean =>
        (names === undefined || item.symbols.some((symbol) => names.includes(symbol))) &&
        (filled !== true || item.content !== '');
      const series = newsItems(history, wanted, (item, shift, out) =>
        write(whole === true ? item : { ...item, content: '' }, shift, out),
      );
      if (bookmark !== undefined && (bookmark.letter !== series.letter || bookmark.symbol !== '')) {
        return refused(400, invalidToken);
      }
      const period = { from: start ?? 0n, to: end ?? history.now };
      const walk = {
        series,
        market: 'stocks',
        symbols: [''],
        ...period,
        newestFirst: sort === 'desc',
        limit: most,
        bookmark,
      } as const;
      return written((out) => writePage(walk, { name: 'news', by: 'itself' }, request.signal, scribe, out));
    },
  };
}
