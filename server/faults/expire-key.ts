import { z } from 'zod';
import { closeCode, faultKind } from './fault.ts';

/**
 * The key is good no longer: only a client that has another one comes back. Who is connected with it hears what a bad key hears on its
 * exchange; how a vendor ends such a connection is not known of any, so it is an option.
 */
export const expireKey = faultKind({
  options: z
    .strictObject({
      close: z
        .union([closeCode, z.enum(['none', 'never'])], { error: 'not an end; use a close code, none, or never' })
        .default('none')
        .meta({
          title: 'Close',
          description:
            'How connections end, unless the exchange itself ends them at such words: with this close code, none = without a Close frame, never = they stay open and silent.',
          examples: [1008, 'none', 'never'],
        }),
    })
    .meta({
      title: 'Expire key',
      description:
        'Keys are good no longer: who is connected is told so, in the words of the exchange for a bad key, and logins are refused while it lasts. Name the key in target.',
      examples: [{}, { close: 1008 }],
    }),
  counts: 'connection',
  explain: ({ close }) =>
    `the key is good no longer: logins are refused, and connections ${close === 'never' ? 'fall silent' : 'end'}`,
  open: ({ close }) => ({
    strike: (victim) => {
      if (!victim.loggedIn) return;
      victim.refuse('bad-key');
      if (close === 'none') victim.hangUp();
      else if (close !== 'never') victim.close(close, '');
    },
    login: () => 'bad-key',
    // Whom not even the vendor's own words end hears no more of the market.
    ...(close === 'never' ? { event: () => undefined } : {}),
  }),
});
