import { answerOf, closeCode, closeReason, faultKind, httpRefusal, sayRefusal } from './fault.ts';

/**
 * A maintenance window, or, when it is short, a restart; with `when: { interval: 2h }` one that comes again and again. Everybody has to
 * come back, and who comes too soon has to wait without giving up.
 */
export const shutDown = faultKind({
  options: httpRefusal
    .extend({
      status: httpRefusal.shape.status.default(503),
      code: closeCode.default(1012),
      reason: closeReason.default(''),
    })
    .meta({
      title: 'Shut down',
      description:
        'Closes what is connected, and refuses upgrades and requests while it lasts: maintenance, or a restart when it is short.',
      examples: [{}, { code: 1001, status: 503, retryAfter: '30s' }],
    }),
  counts: 'connection',
  explain: (options) =>
    `connections are closed with code ${options.code}, and who comes back meanwhile gets ${sayRefusal(options)}`,
  open: (options) => {
    const away = () => ({ kind: 'answer', answer: answerOf(options) }) as const;
    return { strike: (victim) => victim.close(options.code, options.reason), upgrade: away, request: away };
  },
});
