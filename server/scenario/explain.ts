import { formatDuration } from '../../market/duration.ts';
import { explainExchanges, openExchanges } from '../exchanges/index.ts';
import { unknownPlans } from '../keys.ts';
import { explainTape } from '../sources/index.ts';
import { formatByteSize } from './byte-size.ts';
import { explainExpectations, explainFaults } from './explain-steps.ts';
import { formatInstant } from './instant.ts';
import type { Scenario } from './schema.ts';

/** Tells a scenario in plain sentences, for `papertape explain`: what plays, how, for whom, what goes wrong, and what is expected. */
export function explainScenario(scenario: Scenario): string {
  const { name, description, replay, limits } = scenario;
  const sections: readonly (readonly [title: string, sentences: readonly string[]])[] = [
    [`Scenario ${name}`, description === undefined ? [] : description.trim().split('\n')],
    ['What plays', tapes(scenario)],
    ['How it plays', [...passes(replay), ...pace(replay), ...times(replay)]],
    ['Who may connect', [...endpoints(scenario), ...keys(scenario)]],
    ['Limits', [...allowances(limits), ...slowness(replay, limits)]],
    ...optional('What goes wrong', explainFaults(scenario)),
    ...optional('What is expected', explainExpectations(scenario)),
  ];
  return sections.map(([title, sentences]) => [title, ...sentences.map((line) => `  ${line}`)].join('\n')).join('\n\n');
}

const optional = (title: string, sentences: readonly string[]): readonly (readonly [string, readonly string[]])[] =>
  sentences.length === 0 ? [] : [[title, sentences]];

type Replay = Scenario['replay'];
type Limits = Scenario['limits'];

function tapes({ tapes: all, replay, seed }: Scenario): string[] {
  return [
    ...all.map((tape) => sentence(explainTape(tape))),
    ...(all.length > 1 ? [`The ${all.length} tapes are merged, oldest event first.`] : []),
    replay.symbols === undefined
      ? 'Every symbol on the tape plays.'
      : `Only ${replay.symbols.join(', ')} ${replay.symbols.length === 1 ? 'plays' : 'play'}; other symbols stay silent.`,
    `All chance comes from seed ${seed}: the same file and seed give the same events.`,
  ];
}

function passes({ mode, range, loopCount, startAt, atEnd }: Replay): string[] {
  const end =
    atEnd === 'close' ? 'then every connection is closed.' : 'then the connections stay open and fall silent.';
  const start = startAt === undefined ? [] : [`The first pass begins at ${formatInstant(startAt)}.`];
  if (mode === 'single_pass') return [`The tape plays once, ${end}`, ...start];
  if (mode === 'loop') {
    if (loopCount === -1) return ['When the tape ends it starts over, for ever.', ...start];
    return [`The tape plays ${loopCount === 1 ? 'once' : `${loopCount} times`}, ${end}`, ...start];
  }
  if (range === undefined) return [];
  const beyond =
    range.outside === 'refuse'
      ? 'It refuses to start when the tapes do not hold all of that.'
      : 'Where the tapes hold less than that, it plays what there is.';
  return [
    `It plays from ${formatInstant(range.from)} up to, not including, ${formatInstant(range.to)}, once, ${end}`,
    beyond,
    ...start,
  ];
}

function pace({ startOn, speed, maxIdle, frameWindow, pacing }: Replay): string[] {
  const starts = {
    connected: 'It starts when the first client connects.',
    subscribed: 'It starts when the first client subscribes, so that nothing is missed.',
    command: 'It waits for a command to start, from the admin API or its page, or from a program that runs Papertape.',
  } as const;
  const fast =
    speed === 'max' ? 'as fast as the clients read' : speed === 1 ? 'in real time' : `at ${speed} times real time`;
  return [
    starts[startOn],
    `Events leave ${fast}${speed !== 'max' && pacing === 'precise' ? ', woken within some tenths of a millisecond' : ''}.`,
    ...(maxIdle === undefined
      ? []
      : [`Silences of the market longer than ${formatDuration(maxIdle)} are cut to that.`]),
    frameWindow === 0n
      ? 'Only events of the same instant share a frame.'
      : `Events of the same ${formatDuration(frameWindow)} share a frame.`,
  ];
}

function times({ timestamps }: Replay): string[] {
  const stamps = {
    original: 'Events carry the times they were recorded with.',
    shifted:
      'Times are moved by whole minutes so that the tape starts less than a minute ago; distances between events are kept.',
    now: 'Every event is stamped with the moment it is sent.',
  } as const;
  return [stamps[timestamps]];
}

function endpoints({ endpoints: chosen }: Scenario): string[] {
  const told = explainExchanges(chosen).map(sentence);
  return told.length === 0 ? ['No exchange answers, so it cannot be served; name one under endpoints.'] : told;
}

function keys({ keys: list, endpoints: chosen }: Scenario): string[] {
  if (list === undefined) return ['Any key and secret are accepted.'];
  const unknown = new Map(unknownPlans(list, openExchanges(chosen)).map(({ index, plans }) => [index, plans]));
  return [
    `Only ${list.length === 1 ? 'this key is' : `these ${list.length} keys are`} accepted:`,
    ...list.map(({ key, secret, plan, sessions, symbols }, index) => {
      const known = unknown.get(index);
      const details = [
        secret === undefined ? 'any secret' : 'its own secret',
        plan === undefined ? 'the default plan' : `plan ${plan}`,
        ...(known === undefined
          ? []
          : [`which no exchange has, so it cannot be served (there are ${known.join(', ')})`]),
        ...(sessions === undefined ? [] : [counted(sessions, 'session')]),
        ...(symbols === undefined ? [] : [counted(symbols, 'symbol')]),
      ];
      return `- ${key}: ${details.join(', ')}`;
    }),
  ];
}

function allowances({ message, connectsPerMinute, sessions, symbols }: Limits): string[] {
  return [
    `A client's message may have ${formatByteSize(message)}.`,
    ...(connectsPerMinute === undefined
      ? []
      : [`More than ${counted(connectsPerMinute, 'connection')} a minute from one address are refused with HTTP 429.`]),
    ...(sessions === undefined ? [] : [`Every key may hold ${counted(sessions, 'session')} at a time.`]),
    ...(symbols === undefined ? [] : [`Every key may hold ${counted(symbols, 'symbol')}.`]),
  ];
}

function slowness({ speed, backpressure }: Replay, { outbox, stall }: Limits): string[] {
  const waiting = `A client that lets ${formatByteSize(outbox)} pile up is slow`;
  const answers = {
    // Only a tape that runs at max can wait; at any other speed the market goes on.
    pause:
      speed === 'max'
        ? `${waiting}: the tape waits for it, up to ${formatDuration(stall)}, and then it is refused as the exchange does it.`
        : `${waiting} and is refused as the exchange does it.`,
    drop: `${waiting} and misses events until it has caught up.`,
    disconnect: `${waiting} and is refused as the exchange does it.`,
  } as const;
  return [answers[backpressure]];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Plug-ins explain themselves in fragments: `the tape file day.parquet` → `The tape file day.parquet.` */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
