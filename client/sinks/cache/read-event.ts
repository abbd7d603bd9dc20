import { z } from 'zod';
import { toldEvent, type ToldEvent } from './told-event.ts';

interface Reading {
  readonly event: ToldEvent | undefined;
  /** Why it could not be read. */
  readonly why: string | undefined;
}

/** Reads the JSON of an event that anybody may have written. */
export function readEvent(text: string): Reading {
  const json = parsed(text);
  const { success, data, error } = toldEvent.safeParse(json);
  return success ? { event: data, why: undefined } : { event: undefined, why: z.prettifyError(error) };
}

/** Reads a message with some events; what cannot be read is left out. */
export function readEvents(text: string): { readonly events: readonly ToldEvent[]; readonly why: string | undefined } {
  const json = parsed(text);
  if (!Array.isArray(json)) return { events: [], why: 'no JSON array of events' };
  const readings = json.map((one: unknown) => toldEvent.safeParse(one));
  const bad = readings.find(({ success }) => !success);
  return {
    events: readings.flatMap(({ data }) => data ?? []),
    why: bad?.error === undefined ? undefined : z.prettifyError(bad.error),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says what it expected.
    return undefined;
  }
}
