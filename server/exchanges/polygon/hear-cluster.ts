import { unknownOfPrice } from '../../../market/unknown.ts';
import type { Market } from '../../../market/event.ts';
import type { Heard, Reader, Said } from '../exchange.ts';
import { conditionCode, quoteConditionCode, tapeLetter } from './codes.ts';
import { bar, barReader, ear, fairValue, maybeMillis, millis, quote, trade, venue } from './hear.ts';
import type { PolygonOptions } from './options.ts';
import type { Cluster } from './plans.ts';
import { neutralSymbol, unprefixedSymbol } from './symbols.ts';

/** The ear of a cluster: which messages it has is in the sheet, §5. */
export function clusterEar(cluster: Cluster, options: PolygonOptions): (message: Buffer) => readonly Heard[] {
  return ear(readersOf(cluster, options));
}

/** The ear of Launchpad, whose tickers have their prefix everywhere (sheet §4, §5). */
export function launchpadEar(market: Market): (message: Buffer) => readonly Heard[] {
  const symbol = (said: Said): string => unprefixedSymbol(market, said.text('sym'));
  return ear([
    ['AM', (said) => bar(said, 'bar', market, symbol(said))],
    [
      'LV',
      (said) => ({
        kind: 'price',
        market,
        symbol: symbol(said),
        at: said.since1970('t', 1n),
        price: said.number('val'),
        ...unsaidOfPrice,
      }),
    ],
  ]);
}

const unsaidOfPrice = {
  bidPrice: undefined,
  askPrice: undefined,
  dayVolume: undefined,
  ...unknownOfPrice,
} as const;

function readersOf(cluster: Cluster, options: PolygonOptions): readonly (readonly [string, Reader])[] {
  switch (cluster) {
    case 'stocks':
      return stocks(options);
    case 'options':
      return [
        ['T', (said) => trade(said, 'options', 'sym')],
        ['Q', (said) => quote(said, 'options', 'sym')],
        ...bars('A', 'AM', 'options', 'sym'),
        ['FMV', fairValue('options')],
      ];
    case 'indices':
      return [
        [
          'V',
          (said) => ({
            kind: 'value',
            market: 'indices',
            symbol: neutralSymbol('indices', said.text('T')),
            at: millis(said, 't'),
            value: said.number('val'),
          }),
        ],
        ...bars('A', 'AM', 'indices', 'sym'),
      ];
    case 'forex':
      return [['C', forexQuote], ...bars('CAS', 'CA', 'forex', 'pair'), ['FMV', fairValue('forex')]];
    case 'crypto':
      return crypto;
    case 'futures':
      return [
        ['T', (said) => trade(said, 'futures', 'sym')],
        [
          'Q',
          (said) => ({
            ...quote(said, 'futures', 'sym'),
            bidAt: maybeMillis(said, 'bt'),
            askAt: maybeMillis(said, 'at'),
          }),
        ],
        ['A', (said) => futureBar(said, 'second-bar')],
        ['AM', (said) => futureBar(said, 'bar')],
      ];
  }
}

const bars = (
  seconds: string,
  minutes: string,
  market: Market,
  ticker: 'sym' | 'pair',
): readonly (readonly [string, Reader])[] => [
  [seconds, barReader('second-bar', market, ticker)],
  [minutes, barReader('bar', market, ticker)],
];

function stocks(options: PolygonOptions): readonly (readonly [string, Reader])[] {
  const lot = options.quoteSizes === 'round-lots' ? 100 : 1;
  return [
    ['T', (said) => trade(said, 'stocks', 'sym')],
    [
      'Q',
      (said) => {
        const { bidSize, askSize, ...rest } = quote(said, 'stocks', 'sym');
        const tape = tapeLetter(said.maybeNumber('z'));
        const condition = said.maybeNumber('c');
        return {
          ...rest,
          bidSize: bidSize * lot,
          askSize: askSize * lot,
          conditions: condition === undefined ? [] : [quoteConditionCode(condition, tape)],
          indicators: said.numbers('i'),
          tape,
        };
      },
    ],
    ...bars('A', 'AM', 'stocks', 'sym'),
    [
      'LULD',
      (said) => ({
        kind: 'luld',
        market: 'stocks',
        symbol: said.text('T'),
        at: said.since1970('t', 1n),
        up: said.number('h'),
        down: said.number('l'),
        indicator: '',
        tape: tapeLetter(said.maybeNumber('z')),
        indicators: said.has('i') ? said.numbers('i') : undefined,
        sequence: said.maybeNumber('q'),
      }),
    ],
    [
      'NOI',
      (said) => ({
        kind: 'imbalance',
        market: 'stocks',
        symbol: said.text('T'),
        at: said.since1970('t', 1n),
        price: said.number('b'),
        pairedShares: said.maybeNumber('p'),
        imbalanceShares: said.maybeNumber('o'),
        side: undefined,
        auction: said.maybeText('a'),
        tape: undefined,
        auctionTime: timeOfDay(said.maybeNumber('at')),
        exchange: venue(said, 'x', 'stocks'),
        sequence: said.maybeNumber('i'),
      }),
    ],
    ['FMV', fairValue('stocks')],
  ];
}

/** 930 is 09:30. */
function timeOfDay(at: number | undefined): string | undefined {
  if (at === undefined) return undefined;
  const digits = String(at).padStart(4, '0');
  return `${digits.slice(0, -2)}:${digits.slice(-2)}`;
}

function forexQuote(said: Said): ReturnType<typeof quote> {
  const exchange = venue(said, 'x', 'forex');
  return {
    kind: 'quote',
    market: 'forex',
    symbol: neutralSymbol('forex', said.text('p')),
    at: millis(said, 't'),
    bidPrice: said.number('b'),
    bidSize: 0,
    bidExchange: exchange,
    askPrice: said.number('a'),
    askSize: 0,
    askExchange: exchange,
    conditions: [],
    indicators: [],
    tape: undefined,
    sequence: undefined,
    participantAt: undefined,
    trfAt: undefined,
    bidAt: undefined,
    askAt: undefined,
    receivedAt: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

/** Their `dv` is the turnover, a number (sheet §5); divided by the volume it gives back the mean price. */
function futureBar(said: Said, kind: 'second-bar' | 'bar'): ReturnType<typeof bar> {
  const made = bar(said, kind, 'futures', neutralSymbol('futures', said.text('sym')));
  return { ...made, turnover: said.maybeNumber('dv') };
}

const crypto: readonly (readonly [string, Reader])[] = [
  [
    'XT',
    (said) => {
      const made = trade(said, 'crypto', 'pair');
      const takers = said.numbers('c');
      const taker = takers.includes(1) ? 'sell' : takers.includes(2) ? 'buy' : undefined;
      const others = takers.filter((id) => id !== 1 && id !== 2).map((id) => conditionCode('crypto', id, undefined));
      return { ...made, conditions: others, taker, receivedAt: maybeMillis(said, 'r') };
    },
  ],
  [
    'XQ',
    (said) => {
      const exchange = venue(said, 'x', 'crypto');
      const made = quote(said, 'crypto', 'pair');
      return { ...made, bidExchange: exchange, askExchange: exchange, receivedAt: maybeMillis(said, 'r') };
    },
  ],
  [
    'XL2',
    (said) => ({
      kind: 'book',
      market: 'crypto',
      symbol: neutralSymbol('crypto', said.text('pair')),
      at: millis(said, 't'),
      bids: said.rows('b').map(([price = 0, size = 0]) => ({ price, size })),
      asks: said.rows('a').map(([price = 0, size = 0]) => ({ price, size })),
      // Books come whole (sheet §5).
      reset: true,
      exchange: venue(said, 'x', 'crypto'),
      receivedAt: maybeMillis(said, 'r'),
    }),
  ],
  ...bars('XAS', 'XA', 'crypto', 'pair'),
  ['FMV', fairValue('crypto')],
];
