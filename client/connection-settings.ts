import { z } from 'zod';
import { duration } from '../market/duration.ts';
import { backoffSettings } from './backoff-settings.ts';
import { keyRingSettings } from './key-ring-settings.ts';
import { stalenessSettings } from './staleness-settings.ts';

const span = (usual: string, description: string) =>
  duration
    .refine((time) => time > 0n, 'must be above zero')
    .prefault(usual)
    .meta({ description });

/** How long the vendor may take for each of its words. */
const deadlineSettings = z
  .strictObject({
    upgrade: span('10s', 'From dialling to an open WebSocket: name, TCP, TLS and upgrade together.'),
    greeting: span('5s', 'From there to the greeting, where the vendor greets.'),
    login: span('10s', 'From the login to its answer.'),
    acknowledgement: span('5s', 'From a subscription to its answer.'),
    pong: span('10s', 'From a ping to its pong.'),
    farewell: span('2s', 'From our Close frame to theirs, before the socket is destroyed.'),
  })
  .prefault({});

/** How one connection to a vendor behaves. */
export const connectionSettings = z
  .strictObject({
    backoff: backoffSettings,
    keys: keyRingSettings,
    staleness: stalenessSettings,
    deadlines: deadlineSettings,
    pingEvery: span('10s', 'Time between pings; one without a pong ends the connection.'),
    stableAfter: span('1m', 'A connection that was live for so long was of use, even if the market said nothing.'),
    asks: z.int().min(1).max(20).default(3).meta({
      description:
        'How often the same is asked for before it counts as unconfirmed; the last time it is unsubscribed first.',
    }),
    splits: z.int().min(0).max(1000).default(64).meta({
      description:
        'How often, on one connection, a request that was refused as a whole is halved to find the part that is granted.',
    }),
    askPause: span('1m', 'How long nothing is asked for after too many requests on an open connection.'),
    largestMessage: z
      .int()
      .min(65_536)
      .max(1 << 30)
      .default(16 * 1024 * 1024)
      .meta({ description: 'Bytes of the largest message that is taken; a larger one ends the connection.' }),
    compression: z.boolean().default(false).meta({
      description: 'Whether permessage-deflate is offered: less traffic for more work on each message.',
    }),
  })
  .prefault({});
export type ConnectionSettings = z.output<typeof connectionSettings>;
