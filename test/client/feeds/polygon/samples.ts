import type { MarketEvent } from '../../../../market/event.ts';
import { minute, second } from '../../../../market/nanos.ts';
import { unknownOfPrice } from '../../../../market/unknown.ts';
import { bar, quote, trade } from '../../../helpers/events.ts';

export interface Sample {
  readonly cluster: string;
  /** As the vendor sends it. */
  readonly wire: string;
  readonly event: MarketEvent;
}

const start = 1_789_574_220_000_000_000n;
const ms = (millis: number): bigint => start + BigInt(millis) * 1_000_000n;
const untold = { exchange: undefined, conditions: [], tape: undefined, id: '' } as const;
const noSides = { bidExchange: undefined, askExchange: undefined, conditions: [], tape: undefined } as const;
const option = { market: 'options', symbol: 'SPY261218C00650000' } as const;
const coin = { market: 'crypto', symbol: 'BTC/USD' } as const;
const pair = { market: 'forex', symbol: 'EUR/USD' } as const;
const future = { market: 'futures', symbol: 'ESZ6' } as const;
const index = { market: 'indices', symbol: 'SPX' } as const;

/** Every kind of event of every cluster, as the fact sheet has them (§5), and what they mean. */
export const samples: Readonly<Record<string, Sample>> = {
  'a stock trade': {
    cluster: 'stocks',
    wire: '{"ev":"T","sym":"AAPL","x":11,"i":"71204","z":3,"p":231.47,"s":120,"ds":"120.25","c":[12,37],"t":1789574220117,"q":4471190,"trfi":202,"trft":1789574220101}',
    event: trade(ms(117), {
      id: '71204', size: 120.25, exchange: 'P', conditions: ['T', 'I'], sequence: 4471190, trfId: 202, trfAt: ms(101),
    }), // prettier-ignore
  },
  'a stock quote': {
    cluster: 'stocks',
    wire: '{"ev":"Q","sym":"AAPL","bx":12,"bp":231.45,"bs":3,"ax":11,"ap":231.48,"as":2,"c":1,"i":[604],"t":1789574220118,"q":51840233,"z":3}',
    event: quote(ms(118), {
      bidExchange: 'T', bidSize: 3, askExchange: 'P', askPrice: 231.48, askSize: 2, indicators: [604], sequence: 51840233,
    }), // prettier-ignore
  },
  'a second bar': {
    cluster: 'stocks',
    wire: '{"ev":"A","sym":"AAPL","v":1840,"av":31694100,"op":230.1,"vw":231.462,"o":231.45,"c":231.47,"h":231.48,"l":231.44,"a":230.9117,"z":46,"s":1789574220000,"e":1789574221000,"dv":"1840.5","dav":"31694100.25"}',
    event: bar('second-bar', start, start + second, {
      open: 231.45, close: 231.47, high: 231.48, low: 231.44, vwap: 231.462, volume: 1840.5, trades: 40, dayVolume: 31694100.25,
      dayOpen: 230.1, dayVwap: 230.9117, averageSize: 46,
    }), // prettier-ignore
  },
  'a minute bar over the counter': {
    cluster: 'stocks',
    wire: '{"ev":"AM","sym":"AAPL","v":40110,"av":31734210,"vw":231.455,"o":231.40,"c":231.51,"h":231.55,"l":231.38,"a":230.9131,"z":61,"s":1789574220000,"e":1789574280000,"otc":true}',
    event: bar('bar', start, start + minute, {
      open: 231.4, close: 231.51, high: 231.55, low: 231.38, vwap: 231.455, volume: 40110, trades: 658, dayVolume: 31734210,
      dayVwap: 230.9131, averageSize: 61, otc: true,
    }), // prettier-ignore
  },
  'a price band, in nanoseconds': {
    cluster: 'stocks',
    wire: '{"ev":"LULD","T":"AAPL","h":243.05,"l":219.90,"i":[21],"z":3,"t":1789574220117003385,"q":290317}',
    event: {
      kind: 'luld', market: 'stocks', symbol: 'AAPL', at: ms(117) + 3385n, up: 243.05, down: 219.9, indicator: '', tape: 'C',
      indicators: [21], sequence: 290317,
    }, // prettier-ignore
  },
  'an imbalance': {
    cluster: 'stocks',
    wire: '{"ev":"NOI","T":"AAPL","t":1789588200223013600,"at":930,"a":"C","i":44,"x":10,"o":480,"p":44000,"b":231.5}',
    event: {
      kind: 'imbalance', market: 'stocks', symbol: 'AAPL', at: 1789588200223013600n, price: 231.5, pairedShares: 44000,
      imbalanceShares: 480, side: undefined, auction: 'C', tape: undefined, auctionTime: '09:30', exchange: 'N', sequence: 44,
    }, // prettier-ignore
  },
  'a fair value, in nanoseconds': {
    cluster: 'stocks',
    wire: '{"ev":"FMV","fmv":231.469,"sym":"AAPL","t":1789574220117000001}',
    event: { kind: 'fair-value', market: 'stocks', symbol: 'AAPL', at: ms(117) + 1n, value: 231.469 },
  },
  'a fair value of a coin, in milliseconds': {
    cluster: 'crypto',
    wire: '{"ev":"FMV","fmv":61233.4,"sym":"X:BTC-USD","t":1789574220117}',
    event: { kind: 'fair-value', ...coin, at: ms(117), value: 61233.4 },
  },
  'a fair value of a currency': {
    cluster: 'forex',
    wire: '{"ev":"FMV","fmv":1.1703,"sym":"C:EURUSD","t":1789574220117}',
    event: { kind: 'fair-value', ...pair, at: ms(117), value: 1.1703 },
  },
  'an option trade': {
    cluster: 'options',
    wire: '{"ev":"T","sym":"O:SPY261218C00650000","x":312,"p":11.54,"s":2,"c":[233],"t":1789574220333,"q":651921857}',
    event: trade(ms(333), {
      ...option, ...untold, price: 11.54, size: 2, exchange: 'M', conditions: ['g'], sequence: 651921857,
    }), // prettier-ignore
  },
  'an option quote': {
    cluster: 'options',
    wire: '{"ev":"Q","sym":"O:SPY261218C00650000","bx":302,"ax":313,"bp":11.5,"ap":11.58,"bs":17,"as":24,"t":1789574220351,"q":844090872}',
    event: quote(ms(351), {
      ...option, ...noSides, bidExchange: 'C', askExchange: 'N', bidPrice: 11.5, askPrice: 11.58, bidSize: 17, askSize: 24,
      sequence: 844090872,
    }), // prettier-ignore
  },
  'the level of an index': {
    cluster: 'indices',
    wire: '{"ev":"V","val":6531.27,"T":"I:SPX","t":1789574220130}',
    event: { kind: 'value', ...index, at: ms(130), value: 6531.27 },
  },
  'a bar of an index': {
    cluster: 'indices',
    wire: '{"ev":"AM","sym":"I:SPX","op":6512.9,"o":6530.1,"c":6531.2,"h":6531.9,"l":6529.8,"s":1789574220000,"e":1789574280000}',
    event: bar('bar', start, start + minute, {
      ...index, open: 6530.1, close: 6531.2, high: 6531.9, low: 6529.8, volume: 0, trades: 0, vwap: 6530.96666667, dayOpen: 6512.9,
    }), // prettier-ignore
  },
  'a quote of a currency': {
    cluster: 'forex',
    wire: '{"ev":"C","p":"EUR/USD","x":48,"a":1.17031,"b":1.17029,"t":1789574220130}',
    event: quote(ms(130), {
      ...pair, ...noSides, bidExchange: '48', askExchange: '48', bidPrice: 1.17029, askPrice: 1.17031, bidSize: 0, askSize: 0,
    }), // prettier-ignore
  },
  'a bar of a currency, without its end': {
    cluster: 'forex',
    wire: '{"ev":"CA","pair":"EUR/USD","o":1.1703,"c":1.1701,"h":1.1704,"l":1.1700,"v":211,"s":1789574220000}',
    event: bar('bar', start, start + minute, {
      ...pair, open: 1.1703, close: 1.1701, high: 1.1704, low: 1.17, volume: 211, trades: 0, vwap: 1.17016666667,
    }), // prettier-ignore
  },
  'a trade of a coin': {
    cluster: 'crypto',
    wire: '{"ev":"XT","pair":"BTC-USD","p":61233.4,"t":1789574220425,"s":0.01616617,"c":[2],"i":"14272084","x":1,"r":1789574220441}',
    event: trade(ms(425), {
      ...coin, ...untold, id: '14272084', price: 61233.4, size: 0.01616617, exchange: '1', taker: 'buy', receivedAt: ms(441),
    }), // prettier-ignore
  },
  'a quote of a coin': {
    cluster: 'crypto',
    wire: '{"ev":"XQ","pair":"BTC-USD","bp":61233.1,"bs":0.48,"ap":61233.4,"as":0.601,"t":1789574220425,"x":1,"r":1789574220439}',
    event: quote(ms(425), {
      ...coin, ...noSides, bidExchange: '1', askExchange: '1', bidPrice: 61233.1, bidSize: 0.48, askPrice: 61233.4, askSize: 0.601,
      receivedAt: ms(439),
    }), // prettier-ignore
  },
  'a bar of a coin': {
    cluster: 'crypto',
    wire: '{"ev":"XAS","pair":"BTC-USD","v":9.6112,"vw":61220.75,"z":0,"o":61210.0,"c":61233.4,"h":61240.2,"l":61200.0,"s":1789574220000,"e":1789574221000}',
    event: bar('second-bar', start, start + second, {
      ...coin, open: 61210, close: 61233.4, high: 61240.2, low: 61200, volume: 9.6112, trades: 0, vwap: 61220.75, averageSize: 0,
    }), // prettier-ignore
  },
  'a book of a coin': {
    cluster: 'crypto',
    wire: '{"ev":"XL2","pair":"BTC-USD","t":1789574220425,"r":1789574220428,"x":1,"b":[[61233.1,0.18635],[61233.0,0.134]],"a":[[61233.4,3.5527]]}',
    event: {
      kind: 'book', ...coin, at: ms(425), receivedAt: ms(428), exchange: '1', reset: true,
      bids: [{ price: 61233.1, size: 0.18635 }, { price: 61233, size: 0.134 }], asks: [{ price: 61233.4, size: 3.5527 }],
    }, // prettier-ignore
  },
  'a trade of a future': {
    cluster: 'futures/cme',
    wire: '{"ev":"T","sym":"ESZ6","p":6540.25,"s":3,"t":1789574220425,"q":9120033}',
    event: trade(ms(425), { ...future, ...untold, price: 6540.25, size: 3, sequence: 9120033 }),
  },
  'a quote of a future': {
    cluster: 'futures',
    wire: '{"ev":"Q","sym":"ESZ6","bp":6540.25,"bs":41,"bt":1789574220420,"ap":6540.5,"as":37,"at":1789574220424,"t":1789574220425}',
    event: quote(ms(425), {
      ...future, ...noSides, bidPrice: 6540.25, bidSize: 41, bidAt: ms(420), askPrice: 6540.5, askSize: 37, askAt: ms(424),
    }), // prettier-ignore
  },
  'a bar of a future, with its money as a number': {
    cluster: 'futures',
    wire: '{"ev":"AM","sym":"ESZ6","v":812,"dv":5310683.5,"o":6540.0,"c":6540.25,"h":6541.0,"l":6539.75,"n":301,"s":1789574220000,"e":1789574280000}',
    event: bar('bar', start, start + minute, {
      ...future, open: 6540, close: 6540.25, high: 6541, low: 6539.75, volume: 812, trades: 301, vwap: 5310683.5 / 812, turnover: 5310683.5,
    }), // prettier-ignore
  },
};

/** What only Launchpad's feed tells. */
export const launchpadSample: Sample = {
  cluster: 'crypto',
  wire: '{"ev":"LV","val":61233.4,"sym":"X:BTC-USD","t":1789574220117000000}',
  event: {
    kind: 'price', ...coin, at: ms(117), price: 61233.4, bidPrice: undefined, askPrice: undefined, dayVolume: undefined, ...unknownOfPrice,
  }, // prettier-ignore
};
