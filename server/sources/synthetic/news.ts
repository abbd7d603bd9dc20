import type { News } from '../../../market/event.ts';
import { mix, uniform } from '../../../market/chance.ts';
import type { Prices } from './course.ts';
import type { Instrument } from './instrument.ts';
import { toNanos, type Hours } from './trading-hours.ts';

/** One item of so many is published again, so long after it first was. */
const againShare = 1 / 4;
const againAfter = 90;

/** Headlines with the symbol and its price, and a sentence for the body. Plainly invented: nobody shall take them for news. */
const stories = [
  ['%s changes hands at %p', 'Traders of %s paid %p in the last minute.'],
  ['Why %s is on the tape today', 'It is on the tape because somebody generated it. It last stood at %p.'],
  ['%s draws attention at %p', 'An unnamed and non-existent analyst watches %s at %p.'],
  ['Papertape desk: notes on %s', 'Nothing has happened to %s, which stands at %p.'],
] as const;

/** Makes the news about one symbol in a second: most seconds bring none. */
export function makeNews(
  instrument: Instrument,
  course: Prices,
  second: number,
  hours: Hours,
  add: (offset: number, item: News) => void,
): void {
  const fresh = drawOf(instrument, second);
  if (uniform(fresh) < instrument.newsRate) publish(instrument, course, { second, published: second, hours }, add);
  const published = second - againAfter;
  const earlier = drawOf(instrument, published);
  if (published < hours.from || uniform(earlier) >= instrument.newsRate) return;
  if (uniform(mix(earlier, 2)) < againShare) publish(instrument, course, { second, published, hours }, add);
}

const drawOf = ({ key }: Instrument, second: number): number => mix(mix(key, 7), second);

function publish(
  instrument: Instrument,
  course: Prices,
  { second, published, hours }: { readonly second: number; readonly published: number; readonly hours: Hours },
  add: (offset: number, item: News) => void,
): void {
  const { market, symbol, key, peers, stepsPerUnit } = instrument;
  const draw = drawOf(instrument, published);
  const offset = mix(draw, 1) % 1_000_000_000;
  course.seek(published, hours);
  const price = String(Math.max(1, Math.round(course.middle(offset))) / stepsPerUnit);
  const [headline, sentence] = stories[draw % stories.length] ?? stories[0];
  const told = (text: string): string => text.replaceAll('%s', symbol).replaceAll('%p', price);
  const others = Math.min(mix(draw, 3) % 3, peers.length);
  const named = Array.from({ length: others }, (_, index) => peers[(mix(draw, 4) + index) % peers.length] ?? symbol);
  const at = toNanos(second) + BigInt(offset);
  const id = String(published * 1000 + (key % 1000));
  const again = second !== published;
  add(offset, {
    kind: 'news',
    market,
    symbol,
    at,
    id,
    headline: told(headline),
    summary: again ? 'Updated.' : '',
    author: 'Papertape Desk',
    createdAt: again ? toNanos(published) + BigInt(offset) : undefined,
    updatedAt: at,
    url: `https://example.com/news/${id}`,
    content: `<p>${told(sentence)}</p>`,
    symbols: [symbol, ...named],
    source: 'papertape',
  });
}
