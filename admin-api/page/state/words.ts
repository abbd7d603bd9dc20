const zone = 'America/New_York';

const timeOfDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const shortTime = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
const wholeDay = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** Time of day in New York: `10:31:07.250`. */
export const marketTime = (at: number): string => timeOfDay.format(at);
/** Time of day in New York, to the minute. */
export const marketMinute = (at: number): string => shortTime.format(at);
/** The day in New York: `Wed, 1 Jul 2026`. */
export const marketDay = (at: number): string => wholeDay.format(at);

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
/** Time of day where the visitor is. */
export const wallTime = (at: number): string => clockTime.format(at);

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

export const count = (number: number): string => whole.format(number);
export const roughly = (number: number): string => compact.format(number);

/** A span for people: `350 ms`, `1.4 s`, `2 min`. */
export function span(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1000).toFixed(1)} s`;
  if (millis < 3_600_000) return `${Math.round(millis / 60_000)} min`;
  return `${(millis / 3_600_000).toFixed(1)} h`;
}

/** Bytes for people: `980 B`, `1.4 MB`. */
export function bytes(number: number): string {
  if (number < 1000) return `${number} B`;
  if (number < 1e6) return `${(number / 1e3).toFixed(1)} kB`;
  return `${(number / 1e6).toFixed(1)} MB`;
}

/** `1 client`, `2 clients`. */
export const many = (number: number, word: string): string => `${count(number)} ${word}${number === 1 ? '' : 's'}`;
