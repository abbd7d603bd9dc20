import { z } from 'zod';
import { brokenLink, faultKind, isAgain, leadingTo, linkAgain, nextLink, type RestRequest } from './fault.ts';

const ways = {
  repeat: 'every page but the last comes twice',
  loop: 'the next page is always the same again',
  'end-early': 'the first page says that it is the last',
  'bad-cursor': 'the cursor of the next page is refused',
} as const;

/** Pages that do not turn as they should: a client learns whether it counts rows twice, asks for ever, or believes that it has all. */
export const breakPaging = faultKind({
  options: z
    .strictObject({
      how: z.enum(['repeat', 'loop', 'end-early', 'bad-cursor']).meta({
        title: 'How',
        description:
          'repeat = every page but the last comes twice; loop = the next page is the same, again and again; end-early = a page that others follow says it is the last; bad-cursor = the exchange refuses its own cursor.',
        examples: ['repeat'],
      }),
    })
    .meta({
      title: 'Break paging',
      description: 'Leads a client that asks for history page by page astray, where the exchange has pages.',
      examples: [{ how: 'repeat' }, { how: 'end-early' }],
    }),
  counts: 'request',
  explain: ({ how }) => `of history in pages ${ways[how]}`,
  open({ how }) {
    let own: RestRequest | undefined;
    return {
      asked(request) {
        own = request;
        return undefined;
      },
      answer(answer, paging) {
        const next = paging && nextLink(answer, paging);
        if (paging === undefined || next === undefined || own === undefined) return undefined;
        switch (how) {
          case 'repeat':
            return isAgain(own, paging) ? undefined : leadingTo(linkAgain(own, next, paging), answer, paging);
          case 'loop':
            return leadingTo(linkAgain(own, next, paging), answer, paging);
          case 'end-early':
            return leadingTo(undefined, answer, paging);
          case 'bad-cursor':
            return leadingTo(brokenLink(next, paging), answer, paging);
        }
      },
    };
  },
});
