import { z } from 'zod';
import { exchanged, faultKind, type Leaf, piecesOf } from './fault.ts';

/** A number that is a text all of a sudden, or a text that is a number: a client learns whether it checks what it stores. */
export const wrongType = faultKind({
  options: z
    .strictObject({
      turn: z.enum(['numbers', 'texts']).default('numbers').meta({
        title: 'Turn',
        description: 'Numbers arrive as text, or texts as numbers.',
      }),
    })
    .meta({
      title: 'Wrong type',
      description: 'In one event of a frame one value, drawn by chance, has another type than ever before.',
      examples: [{}, { turn: 'texts' }],
    }),
  counts: 'frame',
  explain: ({ turn }) => (turn === 'numbers' ? 'a number arrives as text' : 'a text arrives as a number'),
  open: ({ turn }, { chance }) => ({
    payload: (payload, _binary, aimed) => {
      const kind = turn === 'numbers' ? 'number' : 'text';
      const leaves =
        piecesOf(payload)[aimed[chance.below(aimed.length)]?.place ?? 0]?.leaves.filter((leaf) => leaf.kind === kind) ??
        [];
      const leaf = leaves[chance.below(leaves.length)];
      if (leaf === undefined) return payload;
      return exchanged(payload, [leaf], ({ text }) => (turn === 'numbers' ? { text } : { number: numberOf(text) }));
    },
  }),
});

/** What a text could have meant as a number: its digits, the milliseconds of its instant, or nothing. */
function numberOf(text: Leaf['text']): number {
  const digits = text === '' ? Number.NaN : Number(text);
  const instant = Number.isFinite(digits) ? digits : Date.parse(text);
  return Number.isFinite(instant) ? instant : 0;
}
