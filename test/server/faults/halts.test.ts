import { expect, test } from 'vitest';
import { minute, second, seconds } from '../../../market/nanos.ts';
import { bar, opening, quote, trade } from '../../helpers/events.ts';
import { rehearse } from '../../helpers/rehearse.ts';

const heard = (handed: ReturnType<typeof rehearse>): readonly string[] =>
  handed.map(({ event }) =>
    event.kind === 'status' ? `${event.symbol} ${event.code} ${event.reasonCode}` : event.kind,
  );

test('a halted symbol is declared so at once, trades no more, is still quoted, and is declared trading at the end', () => {
  const events = [quote(opening), trade(opening + second), quote(opening + seconds(2)), trade(opening + seconds(3))];
  expect(heard(rehearse({ halt: {} }, events, { symbols: ['AAPL'] }))).toEqual([
    'AAPL H T1',
    'quote',
    'quote',
    'AAPL T T1',
  ]);
});

test('without symbols in its target a stock halts in place of its next trade, in the codes of its tape', () => {
  const events = [
    quote(opening),
    trade(opening, { symbol: 'F', tape: 'A' }),
    trade(opening, { symbol: 'F', tape: 'A' }),
  ];
  expect(heard(rehearse({ halt: { reason: 'volatility' } }, events))).toEqual(['quote', 'F 2 M', 'F 3 M']);
});

test('the bar of the minute in which trading halted is published, those of the halt are not', () => {
  const events = [
    trade(opening + second),
    bar('bar', opening, opening + minute),
    bar('bar', opening + minute, opening + 2n * minute),
    bar('daily-bar', opening, opening + 2n * minute),
  ];
  expect(heard(rehearse({ halt: {} }, events))).toEqual(['AAPL H T1', 'bar', 'daily-bar', 'AAPL T T1']);
});

test('a symbol that no tape has is not halted', () => {
  expect(rehearse({ halt: {} }, [], { symbols: ['NONE'], marketOf: () => undefined })).toEqual([]);
});

test('a price band is published once, around the next trade of each stock', () => {
  const events = [quote(opening), trade(opening, { price: 100 }), trade(opening + second, { price: 120 })];
  const handed = rehearse({ luldBand: { width: 0.1 } }, events);
  expect(heard(handed)).toEqual(['quote', 'trade', 'luld', 'trade']);
  expect(handed[2]?.event).toMatchObject({
    kind: 'luld',
    symbol: 'AAPL',
    up: 110,
    down: 90,
    indicator: 'B',
    tape: 'C',
  });
});

test('a volatility pause follows the band at once, until the step is over', () => {
  const events = [trade(opening), trade(opening + second), quote(opening + seconds(2))];
  const handed = heard(rehearse({ luldBand: { pause: true } }, events));
  expect(handed).toEqual(['trade', 'luld', 'AAPL P LUDP', 'quote', 'AAPL T LUDP', 'luld']);
});

test('what is no stock has no price band', () => {
  const event = trade(opening, { market: 'crypto', symbol: 'BTC/USD' });
  expect(rehearse({ luldBand: {} }, [event]).map((one) => one.event)).toEqual([event]);
});
