import { isoMillis, milli } from '../../market/nanos.ts';
import { describeEntry, type JournalEntry } from '../../server/index.ts';
import type { EntryFilter, EntryView } from '../schemas/journal.ts';

const inMillis = (span: bigint): number => Number(span / milli);

/** An entry of a journal as the API tells it. */
export function entryViewOf(entry: JournalEntry): EntryView {
  const { number, at, elapsed, market, kind, fault } = entry;
  return {
    number,
    at: isoMillis(at),
    elapsedMs: inMillis(elapsed),
    ...(market === undefined ? {} : { market: isoMillis(market) }),
    kind,
    text: describeEntry(entry),
    ...(fault === undefined ? {} : { fault }),
    ...whoOf(entry),
    ...whatOf(entry),
  };
}

/** Whether an entry is meant. */
export function isMeant(entry: JournalEntry, filter: EntryFilter): boolean {
  const { kinds, session, client, exchange, step, text, since = 0 } = filter;
  if (entry.number <= since || kinds?.includes(entry.kind) === false) return false;
  if (session !== undefined && !('session' in entry && entry.session === session)) return false;
  if (client !== undefined && !('client' in entry && entry.client === client)) return false;
  if (exchange !== undefined && !('exchange' in entry && entry.exchange === exchange)) return false;
  if (step !== undefined && entry.fault !== step && !('step' in entry && entry.step === step)) return false;
  if (text === undefined) return true;
  const words = `${describeEntry(entry)} ${'text' in entry ? entry.text : ''}`;
  return words.toLowerCase().includes(text.toLowerCase());
}

function whoOf(entry: JournalEntry): Partial<EntryView> {
  return {
    ...('session' in entry && entry.session !== undefined ? { session: entry.session } : {}),
    ...('exchange' in entry ? { exchange: entry.exchange } : {}),
    ...('path' in entry ? { path: entry.path } : {}),
    ...('client' in entry && entry.client !== undefined ? { client: entry.client } : {}),
  };
}

function whatOf(entry: JournalEntry): Partial<EntryView> {
  switch (entry.kind) {
    case 'knocked':
      return { ...(entry.status === undefined ? {} : { status: entry.status }), ...patience(entry.retryAfter) };
    case 'heard':
      return { message: entry.text, ...(entry.does === undefined ? {} : { does: entry.does }) };
    case 'said':
      return { message: entry.text };
    case 'refused':
      return { why: entry.why };
    case 'subscribed':
      return { list: entry.list.map(({ channel, symbols }) => ({ channel, symbols: [...symbols] })) };
    case 'sent':
    case 'missed':
      return { from: entry.from, to: entry.to, events: entry.events, bytes: entry.bytes };
    case 'closed':
      return { by: entry.by, code: entry.code };
    case 'moved':
      return { movedTo: entry.to };
    case 'asked':
      return {
        ...{ url: entry.url, status: entry.status, tookMs: inMillis(entry.took), ...patience(entry.retryAfter) },
        covers: entry.covers.map((part) => ({ ...part, from: isoMillis(part.from), to: isoMillis(part.to) })),
      };
    case 'fault':
      return { step: entry.step, name: entry.name, phase: entry.phase };
    case 'deck':
      return { phase: entry.phase, speed: entry.speed, pass: entry.pass };
    case 'logged-in':
    case 'ping':
    case 'pong':
      return {};
  }
}

const patience = (span: bigint | undefined) => (span === undefined ? {} : { retryAfterMs: inMillis(span) });
