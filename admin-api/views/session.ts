import { isoMillis, milli } from '../../market/nanos.ts';
import type { Run } from '../../server/index.ts';
import type { SessionView } from '../schemas/session.ts';

type Session = Run['sessions'] extends Iterable<infer One> ? One : never;

/** A session as the API tells it. */
export function sessionViewOf(session: Session, run: Run): SessionView {
  const { record, line } = session;
  const { client, exchange, path } = record.contact;
  const waiting = line.buffered;
  const since = record.backlog.since(waiting);
  return {
    ...{ session: session.id, exchange, path, encoding: session.wire.encoder.name },
    ...(client === undefined ? {} : { client }),
    since: isoMillis(record.since),
    loggedIn: session.loggedIn,
    subscriptions: session.subscriptions.list().map(({ channel, symbols }) => ({ channel, symbols: [...symbols] })),
    delivered: session.delivered,
    dropped: session.dropped,
    bytesSent: Math.max(0, record.backlog.written - waiting),
    bytesWaiting: waiting,
    behindMs: since === undefined ? 0 : Number((run.now - since) / milli),
  };
}
