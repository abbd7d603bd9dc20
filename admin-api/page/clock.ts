/** Takes back a call that is to come. */
export type Cancel = () => void;

/** Milliseconds since 1970, by the clock of the visitor's machine. */
export const now = (): number => Date.now();

/** Calls once, after so many milliseconds. */
export function after(millis: number, call: () => void): Cancel {
  const timer = setTimeout(call, millis);
  return () => clearTimeout(timer);
}

/** A number from 0 to 1, so that many pages do not come back at the same moment. */
export const chance = (): number => Math.random();
