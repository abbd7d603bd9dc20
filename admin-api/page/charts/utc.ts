import type { Time, UTCTimestamp } from 'lightweight-charts';

const isWhole = (seconds: number): seconds is UTCTimestamp => Number.isInteger(seconds);

/** An instant in milliseconds since 1970 as charts want it. */
export function utc(millis: number): UTCTimestamp {
  const seconds = Math.floor(millis / 1000);
  if (!isWhole(seconds)) throw new RangeError(`${millis} is no instant`);
  return seconds;
}

/** What `utc` made, in milliseconds again. */
export const millisOf = (time: Time): number => (typeof time === 'number' ? time * 1000 : 0);
