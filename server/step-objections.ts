import { newYorkStockExchange } from '../market/calendars.ts';
import { formatDuration } from '../market/duration.ts';
import type { Nanos } from '../market/event.ts';
import { isoMillis, minute } from '../market/nanos.ts';
import type { Exchange } from './exchanges/exchange.ts';
import { nextMoment } from './injection/market-moments.ts';
import { printPath } from './scenario/problem.ts';
import type { Scenario } from './scenario/schema.ts';
import { closest } from './scenario/spelling.ts';
import type { Target } from './scenario/steps.ts';
import type { Objection } from './unplayable.ts';

/** What is to be played, for those who ask whether a step can ever strike. */
export interface Played {
  readonly from: Nanos;
  /** Of the last event, inclusive. */
  readonly to: Nanos;
  readonly symbols: ReadonlySet<string>;
  /** News is about symbols that no tape need have. */
  readonly holdsNews: boolean;
}

/** Symbols that are named where one is missing. */
const mostShown = 20;

/** Steps and expectations aimed at an endpoint where nobody answers, or at a key that nobody may use. */
export async function objectionsToAims(scenario: Scenario, exchanges: readonly Exchange[]): Promise<Objection[]> {
  const objections: Objection[] = [];
  for (const { target, path } of aimsOf(scenario)) {
    const { endpoint, key } = target;
    if (endpoint !== undefined && !(await answers(endpoint, exchanges))) {
      objections.push({ path: [...path, 'endpoint'], message: 'nothing answers there', ...wayTo(endpoint, exchanges) });
    }
    const keys = scenario.keys?.map((one) => one.key);
    if (key === undefined || keys === undefined || keys.includes(key)) continue;
    const meant = closest(key, keys);
    // Keys may be secrets: they are told by their place.
    const wayOut = meant === undefined ? 'use one of those' : `did you mean that of keys[${keys.indexOf(meant)}]?`;
    objections.push({ path: [...path, 'key'], message: 'not listed under keys', wayOut });
  }
  return objections;
}

/** Steps that could never strike, because what is played does not have their symbols or their moment. `warn` hears of late ones. */
export function objectionsToSteps(scenario: Scenario, played: Played, warn: (message: string) => void): Objection[] {
  const objections: Objection[] = [];
  for (const { target, path } of aimsOf(scenario)) {
    for (const [index, symbol] of (target.symbols ?? []).entries()) {
      if (played.symbols.has(symbol)) continue;
      const place = [...path, 'symbols', index];
      if (played.holdsNews)
        warn(`${printPath(place)}: ${symbol} – only news can be about it; the tapes have nothing else of it`);
      else objections.push({ path: place, message: 'not played', wayOut: nearby(symbol, played.symbols) });
    }
  }
  const { mode, startAt } = scenario.replay;
  const first = mode === 'loop' ? played.from : (startAt ?? played.from);
  const moments = [
    ...scenario.timeline.map(({ market }, index) => ({ market, path: ['timeline', index, 'market'] })),
    ...scenario.rules.map(({ when }, index) => ({ market: when?.market, path: ['rules', index, 'when', 'market'] })),
  ];
  const calendar = newYorkStockExchange();
  for (const { market, path } of moments) {
    if (market === undefined) continue;
    // A tape seldom begins at the very instant of the bell: what comes within the minute before it begins with it.
    const at = nextMoment(market, first - minute, calendar);
    if (at !== undefined && at <= played.to) continue;
    const message = `no such moment is played; the tape goes from ${isoMillis(first)} to ${isoMillis(played.to)}`;
    objections.push({ path, message, wayOut: 'choose a moment inside, or use at' });
  }
  const length = played.to - first;
  for (const [index, { at }] of scenario.timeline.entries()) {
    if (mode === 'loop' || at === undefined || at <= length) continue;
    const told = `${formatDuration(at)} – later than the end of the tape, which plays ${formatDuration(roundedUp(length))} at most`;
    warn(`${printPath(['timeline', index, 'at'])}: ${told}; it strikes in the silence after it`);
  }
  return objections;
}

/** To whole seconds, as people speak of the length of a tape. */
function roundedUp(span: Nanos): Nanos {
  const second = 1_000_000_000n;
  return ((span + second - 1n) / second) * second;
}

interface Aimed {
  readonly target: Partial<Pick<Target, 'endpoint' | 'key' | 'symbols'>>;
  readonly path: readonly PropertyKey[];
}

function aimsOf(scenario: Scenario): Aimed[] {
  return (['timeline', 'rules', 'expect'] as const).flatMap((section) =>
    scenario[section].flatMap(({ target }, index): Aimed[] =>
      target === undefined ? [] : [{ target, path: [section, index, 'target'] }],
    ),
  );
}

async function answers(endpoint: string, exchanges: readonly Exchange[]): Promise<boolean> {
  const named = exchanges.filter(({ name }) => endpoint === name || endpoint.startsWith(`${name}/`));
  for (const { name, streams, rest } of named) {
    if (endpoint === name || streams.some(({ path }) => holds(endpoint, `${name}${path}`))) return true;
    // Its routes are loaded only for who asks for one.
    const desk = await rest?.();
    if (desk?.routes.some(({ path }) => holds(endpoint, `${name}${path}`)) === true) return true;
  }
  return false;
}

/** Whether a path, in which `:name` stands for any one segment, lies at an endpoint or below it. */
function holds(endpoint: string, path: string): boolean {
  const segments = path.split('/');
  const wanted = endpoint.replace(/\/$/, '').split('/');
  return wanted.every((word, index) => segments[index] === word || segments[index]?.startsWith(':') === true);
}

function wayTo(endpoint: string, exchanges: readonly Exchange[]): Pick<Objection, 'wayOut'> {
  const names = exchanges.map(({ name }) => name);
  const streams = exchanges.flatMap(({ name, streams: all }) => all.map(({ path }) => `${name}${path}`));
  const meant = closest(endpoint, [...names, ...streams]);
  if (meant !== undefined) return { wayOut: `did you mean ${meant}?` };
  const example = streams[0] === undefined ? '' : `, or one of their paths such as ${streams[0]}`;
  return { wayOut: `use one of ${names.join(', ')}${example}` };
}

function nearby(symbol: string, symbols: ReadonlySet<string>): string {
  const meant = closest(symbol, symbols);
  if (meant !== undefined) return `did you mean ${meant}?`;
  const known = [...symbols].sort();
  const more = known.length > mostShown ? ` and ${known.length - mostShown} more` : '';
  return `use one of ${known.slice(0, mostShown).join(', ')}${more}`;
}
