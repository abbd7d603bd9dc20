import { answerOf, faultKind, httpRefusal, sayRefusal } from './fault.ts';

/** Turned away at the door: does the client wait longer each time, and as long as it was told, or does it make a storm? */
export const refuseUpgrade = faultKind({
  options: httpRefusal.extend({ status: httpRefusal.shape.status.default(429) }).meta({
    title: 'Refuse upgrade',
    description: 'Answers who wants to connect with an HTTP status.',
    examples: [{ status: 429, retryAfter: '3s' }, { status: 503 }],
  }),
  counts: 'upgrade',
  early: true,
  explain: (options) => `who wants to connect gets ${sayRefusal(options)}`,
  open: (options) => ({ upgrade: () => ({ kind: 'answer', answer: answerOf(options) }) }),
});
