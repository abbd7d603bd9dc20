import { z } from 'zod';
import { newYorkStockExchange } from '../../market/calendars.ts';
import { isBar, type Nanos } from '../../market/event.ts';
import { altered, faultKind, marketMoment, nextMoment } from './fault.ts';

type Moment = z.output<typeof marketMoment>;

/** A hole in the history, where a client that fills its gaps finds nothing: does it try again, or say that something is missing? */
export const hideHistory = faultKind({
  options: z
    .strictObject({
      from: marketMoment.optional().meta({
        title: 'From',
        description: 'Where the hole begins, in market time; everything is missing without from and to.',
        examples: ['open+30s', '09:31:00'],
      }),
      to: marketMoment.optional().meta({
        title: 'To',
        description: 'Where it ends; what happens at that moment is there again.',
        examples: ['open+60s', '09:32:00'],
      }),
    })
    .refine(
      ({ from, to }) => (from === undefined) === (to === undefined),
      'only one end of a hole; give from and to, or neither',
    )
    .meta({
      title: 'Hide history',
      description: 'Leaves rows out of the answers over HTTP: those between two moments, or all.',
      examples: [{ from: 'open+30s', to: 'open+60s' }, {}],
    }),
  counts: 'request',
  explain: ({ from, to }) =>
    from === undefined || to === undefined
      ? 'history over HTTP is empty'
      : `history over HTTP lacks everything from ${from.spelt} to ${to.spelt}`,
  open({ from, to }, { symbols }) {
    const hidden = from === undefined || to === undefined ? () => true : holeBetween(from, to);
    return {
      history: (history) =>
        altered(
          history,
          { event: (event) => (hidden(isBar(event) ? event.start : event.at) ? undefined : event) },
          symbols,
        ),
    };
  },
});

/** Whether an instant lies in the hole: when its end comes next, before it begins anew. */
function holeBetween(from: Moment, to: Moment): (at: Nanos) => boolean {
  const calendar = newYorkStockExchange();
  // Looked up once for all instants between two moments: most come in their order.
  let known = { from: 0n, until: 0n, isHole: false };
  return (at) => {
    if (at >= known.from && at < known.until) return known.isHole;
    const [begins, ends] = [nextMoment(from, at + 1n, calendar), nextMoment(to, at + 1n, calendar)];
    const isHole = ends !== undefined && (begins === undefined || ends < begins);
    const until = isHole ? ends : (begins ?? at + 1n);
    known = { from: at, until, isHole };
    return isHole;
  };
}
