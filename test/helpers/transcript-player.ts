import { expect } from 'vitest';
import type { ManualClock } from '../../market/clock.ts';
import { millis } from '../../market/nanos.ts';
import type { Nanos } from '../../market/event.ts';
import { Caller, type Heard, RefusedUpgrade } from './caller.ts';
import type { Receipt, Sending, Step, Transcript } from './transcripts.ts';

/** How long by the server's clock an answer may take when its step does not say. */
const usualPatience = millis(5000);

/** Where a conversation is played. */
export interface Playhouse {
  /** `ws://host:port` of a running server. */
  readonly url: string;
  /** The server's clock; nothing waits on the wall. */
  readonly clock: ManualClock;
  /** Reads the payload of a data frame, independently of the server. */
  read(payload: Buffer): unknown;
  /** What two elements have in common that say the same in spite of their spelling; by default themselves. */
  readonly gist?: (element: Readonly<Record<string, unknown>>) => unknown;
  /** The key that tells an element's type, and comes first; `T` when absent. */
  readonly typeKey?: string;
  /** Plays a step the script only describes, such as a client that stops reading. */
  readonly improvise?: (step: Step, caller: Caller) => Promise<void>;
}

/**
 * Plays one golden conversation as the client and expects of the server what the script says: frames element by element, opcodes, control
 * frames, silence, moments, and how the connection ends.
 */
export async function playTranscript(transcript: Transcript, house: Playhouse): Promise<void> {
  const callers = new Map<string, Caller>();
  try {
    await playSteps(transcript, house, callers);
  } finally {
    for (const caller of callers.values()) await caller[Symbol.asyncDispose]();
  }
}

async function playSteps(transcript: Transcript, house: Playhouse, callers: Map<string, Caller>): Promise<void> {
  const moments = new Map<string, Nanos>();
  for (const [index, step] of transcript.steps.entries()) {
    const name = step.conn ?? '';
    const label = `${transcript.name}, step ${index}`;
    if (step.dir === 'recv' && step.http !== undefined) {
      await expectRefused(step, label, transcript, house);
      continue;
    }
    const caller =
      callers.get(name) ?? (await Caller.connect(house.url + transcript.path, house.clock, transcript.headers));
    callers.set(name, caller);
    const since = moments.get(name) ?? house.clock.now();
    moments.set(name, await playStep({ step, caller, since, label, transcript, house }));
  }
}

/** The whole answer to an upgrade that is refused, its body read as JSON where the script shows one. */
async function expectRefused(step: Receipt, label: string, transcript: Transcript, house: Playhouse): Promise<void> {
  const answer = await Caller.connect(house.url + transcript.path, house.clock, transcript.headers).catch(
    (error: unknown) => error,
  );
  if (!(answer instanceof RefusedUpgrade)) throw new Error(`${label}: expected ${step.http}, not ${String(answer)}`);
  expect(answer.status, label).toBe(step.http);
  if (step.body !== undefined) expect(JSON.parse(answer.body), label).toEqual(step.body);
}

interface Cue {
  readonly step: Step;
  readonly caller: Caller;
  /** When the step before on this connection happened. */
  readonly since: Nanos;
  readonly label: string;
  readonly transcript: Transcript;
  readonly house: Playhouse;
}

/** Returns the moment the step happened. */
async function playStep(cue: Cue): Promise<Nanos> {
  const { step, caller, house, label } = cue;
  switch (step.dir) {
    case 'send':
      send(step, caller, cue.transcript.encoding);
      return house.clock.now();
    case 'recv':
      return receive(step, cue);
    case 'wait': {
      if (step.ms === null) {
        await house.improvise?.(step, caller);
        return house.clock.now();
      }
      const { closed } = caller;
      const heard = await caller.next(millis(step.ms - (step.tolerance_ms ?? 0)), millis(250));
      expect(heard, `${label}: silence`).toBeUndefined();
      expect(caller.closed, `${label}: still open, or still closed`).toBe(closed);
      return house.clock.now();
    }
    case 'close': {
      if (step.by === 'client') caller.socket.close(step.client_sees, step.reason);
      const heard = await caller.next(patience(step), tempo(step));
      expect(heard, label).toMatchObject({ kind: 'close', code: step.client_sees, reason: step.reason });
      return onTime(step, cue, heard);
    }
  }
}

function send(step: Sending, caller: Caller, encoding: Transcript['encoding']): void {
  if (step.control === 'ping') return caller.socket.ping(Buffer.from(step.payload ?? '', 'hex'));
  if (step.control === 'pong') return caller.socket.pong();
  const binary = (step.opcode ?? (encoding === 'msgpack' ? 'binary' : 'text')) === 'binary';
  const payload =
    step.hex === undefined ? Buffer.from(step.raw ?? JSON.stringify(step.frame)) : Buffer.from(step.hex, 'hex');
  let at = 0;
  const sizes = step.fragments ?? [payload.length];
  for (const [index, size] of sizes.entries()) {
    caller.socket.send(payload.subarray(at, at + size), { binary, fin: index === sizes.length - 1 });
    at += size;
  }
}

async function receive(step: Receipt, cue: Cue): Promise<Nanos> {
  const { caller, label, transcript, house } = cue;
  if (step.match !== undefined) return match(step, step.match, cue);
  const heard = await caller.next(patience(step), tempo(step));
  if (step.optional === true && heard?.kind !== 'message') {
    if (heard !== undefined) caller.unhear(heard);
    return house.clock.now();
  }
  if (step.control !== undefined) {
    expect(heard, label).toMatchObject({ kind: step.control });
    if (step.payload !== undefined) expect(heard, label).toMatchObject({ payload: Buffer.from(step.payload, 'hex') });
    return onTime(step, cue, heard);
  }
  if (heard?.kind !== 'message') throw new Error(`${label}: expected a frame, heard ${heard?.kind ?? 'nothing'}`);
  expect(heard.opcode, label).toBe(step.opcode ?? (transcript.encoding === 'msgpack' ? 'binary' : 'text'));
  const frame = house.read(heard.payload);
  if (Array.isArray(frame)) {
    const { typeKey = 'T' } = house;
    for (const element of elements(frame)) {
      expect(Object.keys(element)[0], `${label}: its type comes first`).toBe(typeKey);
    }
  }
  expect(Array.isArray(frame), `${label}: a list, or one object`).toBe(Array.isArray(step.frame));
  const gist = house.gist ?? ((element) => element);
  expect(elements(frame).map(asSets).map(gist), label).toEqual(elements(step.frame).map(asSets).map(gist));
  return onTime(step, cue, heard);
}

/** A step that gives the kinds of values, or counts, instead of the values. Frames of other elements may come before. */
async function match(step: Receipt, wanted: Readonly<Record<string, unknown>>, cue: Cue): Promise<Nanos> {
  const { caller, label, house } = cue;
  const shape = record(wanted['element'] ?? wanted['contains'] ?? wanted);
  for (;;) {
    const heard = await caller.next(patience(step));
    if (heard?.kind !== 'message') throw new Error(`${label}: expected a frame, heard ${heard?.kind ?? 'nothing'}`);
    const found = elements(house.read(heard.payload)).find(
      (element) => element['T'] === shape['T'] && (shape['S'] === undefined || element['S'] === shape['S']),
    );
    if (found === undefined) continue;
    for (const [key, kind] of Object.entries(shape)) {
      if (key === 'count') {
        for (const [list, count] of Object.entries(record(kind)))
          expect(found[list], label).toHaveLength(Number(count));
      } else if (key !== 'path')
        expect(found[key], `${label}: ${key}`).toSatisfy(kinds[String(kind)] ?? ((value) => value === kind));
    }
    return heard.at;
  }
}

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  int: (value) => Number.isSafeInteger(value),
  'string[]': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  rfc3339: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value),
};

interface Timed {
  readonly after_ms?: number | null | undefined;
  readonly tolerance_ms?: number | null | undefined;
  readonly within_ms?: number | null | undefined;
}

function patience({ after_ms: after, tolerance_ms: tolerance, within_ms: within }: Timed): Nanos {
  if (typeof after === 'number') return millis(after + (tolerance ?? 0) + 1000);
  return typeof within === 'number' ? millis(within) : usualPatience;
}

/** Moments are seen to the nearest step of the clock, so steps are small against the tolerance. */
function tempo({ tolerance_ms: tolerance }: Timed): Nanos {
  return millis(typeof tolerance === 'number' ? tolerance / 10 : 50);
}

function onTime(
  { after_ms: after, tolerance_ms: tolerance }: Timed,
  { since, label }: Cue,
  heard: Heard | undefined,
): Nanos {
  const at = heard?.at ?? since;
  if (typeof after === 'number') {
    const off = Math.abs(Number(at - since) / 1e6 - after);
    expect(off, `${label}: ms off its moment`).toBeLessThanOrEqual(tolerance ?? 0);
  }
  return at;
}

function elements(frame: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(frame) ? frame.map(record) : [record(frame)];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value ?? {}));
}

/** The lists of a subscription reply are sets. */
function asSets(element: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (element['T'] !== 'subscription') return element;
  const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(String).toSorted() : value);
  return Object.fromEntries(Object.entries(element).map(([key, value]) => [key, sorted(value)]));
}
