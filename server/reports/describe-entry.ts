import type { Nanos } from '../../market/event.ts';
import { spell } from '../evidence/spell.ts';
import type { Entry } from '../journal-entry.ts';

/** Characters of a message that are shown. */
const shown = 200;

/** One line of a journal in plain words. */
export function describeEntry(entry: Entry): string {
  const touched = entry.kind !== 'fault' && entry.fault !== undefined ? ` [${entry.fault}]` : '';
  return `${sentence(entry)}${touched}`;
}

/** How a connection ended: `closed by the client with 1000`. */
export function describeEnd({ by, code }: Extract<Entry, { kind: 'closed' }>): string {
  return `closed by ${by === 'papertape' ? 'Papertape' : `the ${by}`} with ${code}`;
}

/** When it was, since the run began: `1:04.025`, `2:01:04.025`. */
export function sinceStart({ at }: Entry, started: Nanos): string {
  const millis = Number((at - started) / 1_000_000n);
  const sign = millis < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(millis) / 1000);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = hours === 0 ? `${minutes}:${two(seconds)}` : `${hours}:${two(minutes)}:${two(seconds)}`;
  return `${sign}${clock}.${String(Math.abs(millis) % 1000).padStart(3, '0')}`;
}

function sentence(entry: Entry): string {
  switch (entry.kind) {
    case 'knocked':
      return `${whose(entry)} asked to be let in: ${entry.status ?? 'no answer'}${waitOf(entry.retryAfter)}`;
    case 'heard':
      return `${whose(entry)} said ${cut(entry.text)}`;
    case 'said':
      return `${whose(entry)} was told ${cut(entry.text)}`;
    case 'logged-in':
      return `${whose(entry)} logged in`;
    case 'refused':
      return `${whose(entry)} was refused: ${entry.why}`;
    case 'subscribed':
      return `${whose(entry)} holds ${held(entry.list)}`;
    case 'ping':
    case 'pong':
      return `${whose(entry)} sent a ${entry.kind}`;
    case 'sent':
      return `${whose(entry)} was sent ${entry.events} events, numbers ${entry.from} to ${entry.to}`;
    case 'missed':
      return `${whose(entry)} missed ${entry.events} events, numbers ${entry.from} to ${entry.to}`;
    case 'closed':
      return `${whose(entry)} was ${describeEnd(entry)}`;
    case 'moved':
      return `${whose(entry)} showed a key of run ${entry.to}, and is there now`;
    case 'asked': {
      const rows = entry.covers.reduce((sum, part) => sum + part.rows, 0);
      const answer = `${entry.status === 0 ? 'no answer' : entry.status}${waitOf(entry.retryAfter)}`;
      return `${entry.client ?? 'a client'} asked ${entry.exchange} for ${cut(entry.url)}: ${answer}, ${rows} rows in ${spell(entry.took)}`;
    }
    case 'fault':
      return `step ${entry.step} (${entry.name}) ${entry.phase}${entry.session === undefined ? '' : ` connection ${entry.session}`}`;
    case 'deck':
      return `the tape is ${entry.phase}, speed ${entry.speed}, pass ${entry.pass}`;
  }
}

const whose = ({ session, client }: { readonly session: number; readonly client: string | undefined }): string =>
  `connection ${session}${client === undefined ? '' : ` (${client})`}`;
const waitOf = (span: bigint | undefined): string => (span === undefined ? '' : `, come back in ${spell(span)}`);
const cut = (text: string): string => (text.length > shown ? `${text.slice(0, shown)}…` : text);

function held(list: Extract<Entry, { kind: 'subscribed' }>['list']): string {
  if (list.length === 0) return 'nothing';
  return list
    .map(({ channel, symbols }) => {
      const some =
        symbols.length > 6 ? `${symbols.slice(0, 6).join(', ')} and ${symbols.length - 6} more` : symbols.join(', ');
      return `${channel} ${some}`;
    })
    .join('; ');
}
