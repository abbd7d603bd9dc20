import { z } from 'zod';
import { pricesOf } from '../../market/prices.ts';
import { exchanged, faultKind, piecesOf, type Value } from './fault.ts';

const values = {
  nan: 'nan',
  null: 'null',
  empty: { text: '' },
  negative: { number: -1 },
  huge: { number: 1e308 },
} as const satisfies Record<string, Value>;

/** A price that is none: a client learns how far it gets, and what its averages are once it is in. */
export const notANumber = faultKind({
  options: z
    .strictObject({
      value: z.enum(['nan', 'null', 'empty', 'negative', 'huge']).default('null').meta({
        title: 'Value',
        description:
          'What stands where the prices were. nan: the word NaN in JSON, which is none and which lenient parsers take, and the float in MessagePack; empty: a text without letters; negative: -1; huge: 1e308.',
      }),
    })
    .meta({
      title: 'Not a number',
      description: 'The prices of an event are no prices; everything else of its frame stays.',
      examples: [{}, { value: 'nan' }],
    }),
  counts: 'frame',
  explain: ({ value }) => `the prices of an event are ${words[value]}`,
  open: ({ value }, { chance }) => ({
    payload: (payload, _binary, aimed) => {
      const one = aimed[chance.below(aimed.length)];
      if (one === undefined) return payload;
      const prices = pricesOf(one.event);
      const leaves = piecesOf(payload)[one.place]?.leaves ?? [];
      const priced = leaves.filter(({ kind, text }) => kind === 'number' && prices.includes(Number(text)));
      return priced.length === 0 ? payload : exchanged(payload, priced, () => values[value]);
    },
  }),
});

const words = { nan: 'NaN', null: 'null', empty: 'an empty text', negative: '-1', huge: '1e308' } as const;
