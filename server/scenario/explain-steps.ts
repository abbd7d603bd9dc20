import { formatDuration } from '../../market/duration.ts';
import { chosenExpectation } from '../expectations/index.ts';
import { chosenFault } from '../faults/index.ts';
import type { Countable } from '../faults/fault.ts';
import type { Scenario } from './schema.ts';
import type { Expect, Rule, Step, Target, Trigger } from './steps.ts';

/** What goes wrong in a scenario, a sentence for each step and rule: when, what, until when, and whom it strikes. */
export function explainFaults({ timeline, rules }: Scenario): string[] {
  return [
    ...timeline.map((step) => `- ${step.id}: ${said([whenOf(step), ...whatHappens(step)])}`),
    ...rules.map(
      (rule) => `- ${rule.id}: ${said([rule.when && whenever(rule.when, rule.realtime), ...whatHappens(rule)])}`,
    ),
  ];
}

/** What a step or a rule does and how far it goes, in a sentence, without when it begins. */
export const explainEffect = (step: Step | Rule): string => said([undefined, ...whatHappens(step)]);

/** What a scenario expects of its clients, a sentence for each. */
export function explainExpectations({ expect }: Scenario): string[] {
  return expect.map((one) => {
    const { after, during } = one;
    const since = after === undefined ? undefined : `after ${after} has begun`;
    const meanwhile = during === undefined ? undefined : `while ${during} lasts`;
    const parts = [since ?? meanwhile, chosenExpectation(one.must).sentence, whomOf(one.target)];
    return `- ${one.id}: ${said(parts)}${failing[one.severity]}`;
  });
}

const failing = {
  error: ' Else the run fails.',
  warn: ' Else it is a warning.',
} as const satisfies Record<Expect['severity'], string>;

/** `when` and what happens, and then how far it goes, each part after a semicolon: the plug-ins' sentences have commas. */
function said([when, ...parts]: readonly (string | undefined)[]): string {
  const told = parts.filter((part) => part !== undefined).join('; ');
  return `${when === undefined ? '' : `${when}, `}${told}.`;
}

function whenOf({ at, market, after, plus = 0n, realtime }: Step): string {
  if (at !== undefined) {
    if (at === 0n) return 'with the first event';
    return `${formatDuration(at)} ${realtime ? 'of real time after the tape begins to play' : 'into the tape'}`;
  }
  if (market !== undefined) return `at ${market.spelt}, the first time it comes`;
  if (plus === 0n) return `as soon as ${after ?? ''} is over`;
  return `${formatDuration(plus)}${realtime ? ' of real time' : ''} after ${after ?? ''} is over`;
}

function whenever({ interval, market, message, rate, connection, client }: Trigger, realtime: boolean): string {
  if (interval !== undefined) {
    return `every ${formatDuration(interval)} of ${realtime ? 'real time, from when the tape begins to play' : 'the tape'}`;
  }
  if (market !== undefined) return market.kind === 'instant' ? `at ${market.spelt}` : `each day at ${market.spelt}`;
  if (message !== undefined) return `at ${turn(message, 'event')} that a session hears`;
  if (rate !== undefined) return `while a session hears more than ${rate.above} events a second`;
  if (connection !== undefined) return `for ${turn(connection, 'connection')}`;
  if (client === undefined) return '';
  const which = client.nth === undefined && client.every === undefined ? '' : `, ${turn(client, 'time')}`;
  return `when a client ${deeds[client.does]}${which}`;
}

const deeds = {
  login: 'logs in',
  subscribe: 'subscribes',
  unsubscribe: 'unsubscribes',
  ping: 'sends a ping',
  request: 'asks over HTTP',
} as const satisfies Record<NonNullable<Trigger['client']>['does'], string>;

interface Often {
  readonly nth?: number | undefined;
  readonly every?: number | undefined;
}
const turn = ({ nth, every = 1 }: Often, what: string): string =>
  nth !== undefined ? `the ${ordinal(nth)} ${what}` : every === 1 ? `every ${what}` : `every ${ordinal(every)} ${what}`;

function ordinal(number: number): string {
  const tens = Math.floor(number / 10) % 10;
  return `${number}${(tens === 1 ? undefined : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
}

function whatHappens(step: Step | Rule): (string | undefined)[] {
  const fault = chosenFault(step.inject);
  return [fault.sentence, chanceOf(step), untilOf(step, fault.counts), whomOf(step.target, fault.counts)];
}

function chanceOf({ probability, per }: Step | Rule): string | undefined {
  if (probability === 1) return undefined;
  const percent = `with a chance of ${Number((probability * 100).toPrecision(6))}%`;
  return per === 'connection' ? `${percent} drawn once for each connection` : percent;
}

function untilOf(step: Step | Rule, counts: Countable): string | undefined {
  const span =
    step.for === undefined
      ? undefined
      : step.for === 'run'
        ? 'until the run ends'
        : `for ${formatDuration(step.for)}${step.realtime ? ' of real time' : ''}`;
  if (step.times === undefined) return span;
  const isRule = 'when' in step && step.when !== undefined;
  const most = isRule
    ? `${times(step.times)} at most`
    : `for ${step.times} ${counted[counts]}${step.times === 1 ? '' : 's'}`;
  return span === undefined ? most : `${span}, ${most}${isRule ? '' : ' at most'}`;
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** What a fault strikes one by one. */
const counted = {
  connection: 'connection',
  upgrade: 'attempt',
  login: 'login',
  subscription: 'subscription',
  reply: 'answer',
  ping: 'ping',
  event: 'event',
  frame: 'frame',
  request: 'request',
} as const satisfies Record<Countable, string>;

function whomOf(target: Partial<Target> | undefined, counts?: Countable): string | undefined {
  if (target === undefined) return undefined;
  const { endpoint, sessions, key, symbols, channels } = target;
  const who = [
    ...(sessions === undefined
      ? []
      : [Array.isArray(sessions) ? `session ${sessions.join(' and ')}` : `the ${sessions} session`]),
    ...(endpoint === undefined ? [] : [`on ${endpoint}`]),
    ...(key === undefined ? [] : [`with key ${key}`]),
    ...(symbols === undefined && channels === undefined
      ? []
      : [
          `${counts === 'subscription' ? 'subscriptions to ' : ''}${(channels ?? ['event']).map((channel) => `${channel}s`).join(' and ')}${symbols === undefined ? '' : ` of ${symbols.join(' and ')}`}`,
        ]),
    ...(counts === 'subscription' && symbols !== undefined ? ['not those to *'] : []),
  ];
  return who.length === 0 ? undefined : `only ${who.join(', ')}`;
}
