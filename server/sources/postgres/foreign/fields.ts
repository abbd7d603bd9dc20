/** Kinds of events a row of a foreign table can be. */
export const mappedKinds = ['bar', 'second-bar', 'daily-bar', 'trade', 'quote', 'price', 'value'] as const;
export type MappedKind = (typeof mappedKinds)[number];

/** One thing an event says beyond time, symbol and market. */
export interface Field {
  readonly name: FieldName;
  /** `amount` is a number that is never negative: a price, a size. */
  readonly type: 'amount' | 'whole' | 'text' | 'texts';
  /** Must be there; is taken when the table has a column of its name; is taken only when the mapping names it. */
  readonly use: 'needed' | 'found' | 'named';
}

/** Every field that some kind has. */
export type FieldName = keyof ReturnType<typeof eachField>;

/** The same value for every field. */
export const eachField = <Value>(value: Value) => ({
  open: value,
  high: value,
  low: value,
  close: value,
  volume: value,
  vwap: value,
  trades: value,
  price: value,
  size: value,
  id: value,
  sequence: value,
  exchange: value,
  conditions: value,
  tape: value,
  bidPrice: value,
  bidSize: value,
  bidExchange: value,
  askPrice: value,
  askSize: value,
  askExchange: value,
  dayVolume: value,
  value,
});

const amount = (name: FieldName, use: Field['use'] = 'needed'): Field => ({ name, type: 'amount', use });
const named = (name: FieldName, type: Field['type'] = 'text'): Field => ({ name, type, use: 'named' });

const bar: readonly Field[] = [
  amount('open'),
  amount('high'),
  amount('low'),
  amount('close'),
  amount('volume', 'found'),
  amount('vwap', 'found'),
  amount('trades', 'named'),
];
const byKind: Record<MappedKind, readonly Field[]> = {
  bar,
  'second-bar': bar,
  'daily-bar': bar,
  trade: [
    amount('price'),
    amount('size'),
    named('id'),
    named('exchange'),
    named('conditions', 'texts'),
    named('tape'),
    named('sequence', 'whole'),
  ],
  quote: [
    amount('bidPrice'),
    amount('askPrice'),
    amount('bidSize', 'found'),
    amount('askSize', 'found'),
    named('bidExchange'),
    named('askExchange'),
    named('conditions', 'texts'),
    named('tape'),
    named('sequence', 'whole'),
  ],
  price: [
    amount('price'),
    amount('bidPrice', 'found'),
    amount('askPrice', 'found'),
    amount('dayVolume', 'found'),
    named('exchange'),
  ],
  value: [amount('value')],
};

/** What an event of this kind says, in the order in which its cells are read. */
export const fieldsOf = (kind: MappedKind): readonly Field[] => byKind[kind];

/** Under which name a table is likely to keep a field: `bidPrice` as `bid_price`. */
export const usualColumn = (name: FieldName): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
