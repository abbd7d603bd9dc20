import { chosenFault, countedOneByOne } from '../faults/index.ts';
import { aimlessParts } from './aim.ts';
import { closest } from './spelling.ts';
import type { Expect, Rule, Step } from './steps.ts';

/** What a scenario says of faults and of its clients. */
export interface Steps {
  readonly timeline: readonly Step[];
  readonly rules: readonly Rule[];
  readonly expect: readonly Expect[];
}

/** Tells what is wrong at a place: `what is wrong; the way out`. */
type Complain = (path: readonly PropertyKey[], message: string) => void;

/** Looks for what no step is wrong about by itself: ids, who comes after whom, and faults that would never end or never strike. */
export function crossCheck(steps: Steps, complain: Complain): void {
  uniqueIds(steps, complain);
  references(steps, complain);
  rings(steps, complain);
  neverBegins(steps, complain);
  targetsPassedOver(steps, complain);
  for (const [index, step] of steps.timeline.entries()) endOfStep(step, ['timeline', index], complain);
  for (const [index, rule] of steps.rules.entries()) endOfRule(rule, ['rules', index], complain);
}

const sections = ['timeline', 'rules', 'expect'] as const;

function uniqueIds(steps: Steps, complain: Complain): void {
  const first = new Map<string, string>();
  for (const section of sections) {
    for (const [index, { id }] of steps[section].entries()) {
      const place = `${section}[${index}]`;
      const owner = first.get(id);
      if (owner === undefined) first.set(id, place);
      else complain([section, index, 'id'], `also the id of ${owner}; give one of the two another`);
    }
  }
}

function references(steps: Steps, complain: Complain): void {
  const { timeline, rules, expect } = steps;
  const known = [...timeline, ...rules].map(({ id }) => id);
  const ids = new Set(known);
  const expected = new Set(expect.map(({ id }) => id));
  const check = (named: string | undefined, path: readonly PropertyKey[]): void => {
    if (named === undefined || ids.has(named)) return;
    if (expected.has(named)) return complain(path, `an expectation, which nothing comes after; ${wayTo(known)}`);
    const meant = closest(named, known);
    complain(path, `no step is called that; ${meant === undefined ? wayTo(known) : `did you mean ${meant}?`}`);
  };
  for (const [index, { after }] of timeline.entries()) check(after, ['timeline', index, 'after']);
  for (const [index, { after, during }] of expect.entries()) {
    check(after, ['expect', index, 'after']);
    check(during, ['expect', index, 'during']);
  }
}

const wayTo = (known: readonly string[]): string =>
  known.length === 0 ? 'leave it out, or add a step of that id' : `use one of ${known.join(', ')}`;

/** A step that waits, however long the way round, for its own end. Each ring is told once, at the first of its steps. */
function rings({ timeline }: Steps, complain: Complain): void {
  const after = new Map(timeline.map(({ id, after: before }) => [id, before]));
  /** Where the way from them leads is known. */
  const seen = new Set<string>();
  const found: string[][] = [];
  for (const { id } of timeline) {
    const way = new Set<string>();
    let next: string | undefined = id;
    for (; next !== undefined && !seen.has(next) && !way.has(next); next = after.get(next)) way.add(next);
    const steps = [...way];
    if (next !== undefined && way.has(next)) found.push(steps.slice(steps.indexOf(next)));
    for (const one of way) seen.add(one);
  }
  const places = new Map(timeline.map(({ id }, index) => [id, index]));
  for (const ring of found) {
    const first = Math.min(...ring.map((id) => places.get(id) ?? 0));
    const from = ring.indexOf(timeline[first]?.id ?? '');
    const shown = [...ring.slice(from), ...ring.slice(0, from + 1)].join(' → ');
    complain(['timeline', first, 'after'], `comes after itself (${shown}); begin one of them with at or market`);
  }
}

/** A step that waits for the end of what lasts until the run ends. */
function neverBegins({ timeline, rules }: Steps, complain: Complain): void {
  const endless = new Set([...timeline, ...rules].filter(lastsForRun).map(({ id }) => id));
  for (const [index, { after }] of timeline.entries()) {
    if (after === undefined || !endless.has(after)) continue;
    const way = `give ${after} a time such as for: 30s, or times, or begin this one with at or market`;
    complain(['timeline', index, 'after'], `lasts until the run ends, so that nothing comes after it; ${way}`);
  }
}

const lastsForRun = (step: Step | Rule): boolean => step.for === 'run' && step.times === undefined;

/** A target that its fault never looks at would strike more than it says, or nobody. */
function targetsPassedOver(steps: Steps, complain: Complain): void {
  for (const section of ['timeline', 'rules'] as const) {
    for (const [index, step] of steps[section].entries()) {
      for (const { part, why } of aimlessParts(step)) complain([section, index, 'target', part], why);
    }
  }
}

const ways = 'add for, such as for: 30s, or times, or for: run if it shall last until the run ends';

function endOfStep(step: Step, path: readonly PropertyKey[], complain: Complain): void {
  if (isNothing(step, path, complain)) return;
  const { name, momentary } = chosenFault(step.inject);
  if (momentary || step.for !== undefined || step.times !== undefined) return;
  complain(path, `does not say when ${name} ends; ${ways}`);
}

function endOfRule(rule: Rule, path: readonly PropertyKey[], complain: Complain): void {
  if (isNothing(rule, path, complain)) return;
  const { when, probability, times } = rule;
  const { name, momentary, counts } = chosenFault(rule.inject);
  if (rule.for !== undefined) return;
  if (when === undefined) {
    if (momentary && times === undefined) {
      complain(path, `is over before anybody comes, since ${name} ends at once; add for: run, times, or when`);
    } else if (!momentary && times === undefined && probability === 1) {
      complain(
        path,
        `does not say when it holds; add when, or for, such as for: run, or times, or a probability below 1`,
      );
    }
    return;
  }
  const forAll = when.interval !== undefined || when.market !== undefined;
  if (forAll && !momentary && !countedOneByOne(counts)) {
    complain(path, `does not say when ${name} ends, and begins it again each time; add for, such as for: 30s`);
  }
}

/** Nothing more can be said of a step whose fault is not known, or that has no time to strike. */
function isNothing(step: Step | Rule, path: readonly PropertyKey[], complain: Complain): boolean {
  if (Object.keys(step.inject).length !== 1) return true;
  if (step.for !== 0n) return false;
  complain([...path, 'for'], 'too short to strike; use a longer time such as 30s, or times');
  return true;
}
