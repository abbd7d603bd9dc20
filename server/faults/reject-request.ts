import { answerOf, faultKind, httpRefusal, sayRefusal } from './fault.ts';

/** History that is refused: does the client wait as it was told and ask again, or does it ask on, or live with the gap? */
export const rejectRequest = faultKind({
  options: httpRefusal.extend({ status: httpRefusal.shape.status.default(429) }).meta({
    title: 'Reject request',
    description:
      'Answers requests over HTTP with a status, in the words of the exchange where it has some for that and the step gives none.',
    examples: [{ status: 429, retryAfter: '3s' }, { status: 503 }],
  }),
  counts: 'request',
  explain: (options) => `requests over HTTP get ${sayRefusal(options)}`,
  open: (options) => ({ request: () => ({ kind: 'answer', answer: answerOf(options) }) }),
});
