import { looksLikeTime, numberOf, Packed, rfc3339 } from '../../wire/heard.ts';

/** The kinds of values a wire tells apart: those of JSON, texts that are times, and MessagePack's own. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Packed) return value.as;
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'bigint') return 'number';
  if (typeof value !== 'string') return typeof value;
  return looksLikeTime(value) ? 'time as text' : 'text';
}

/** How a vendor's message differs from ours, in one field. */
export interface Difference {
  readonly kind: 'new-field' | 'missing-field' | 'type' | 'value';
  /** `p`, or `b[].p` in a list. */
  readonly field: string;
  readonly live: string | undefined;
  readonly ours: string | undefined;
}

/** Items of a list looked at. */
const mostItems = 16;
const longestShown = 40;

/** How the same event is told by the vendor and by us. Order of members does not count, nor how a number or a time is written. */
export function differences(live: unknown, ours: unknown, field = ''): Difference[] {
  const [liveKind, oursKind] = [kindOf(live), kindOf(ours)];
  if (liveKind !== oursKind) {
    return [{ kind: 'type', field, live: `${liveKind} ${shown(live)}`, ours: `${oursKind} ${shown(ours)}` }];
  }
  if (isObject(live) && isObject(ours)) {
    return [...new Set([...Object.keys(live), ...Object.keys(ours)])].flatMap((name): Difference[] => {
      const path = field === '' ? name : `${field}.${name}`;
      const [said, spelt] = [live[name], ours[name]];
      if (spelt === undefined && said === undefined) return [];
      if (spelt === undefined) {
        return [{ kind: 'new-field', field: path, live: `${kindOf(said)} ${shown(said)}`, ours: undefined }];
      }
      if (said === undefined) {
        return [{ kind: 'missing-field', field: path, live: undefined, ours: `${kindOf(spelt)} ${shown(spelt)}` }];
      }
      return differences(said, spelt, path);
    });
  }
  if (Array.isArray(live) && Array.isArray(ours)) {
    if (live.length !== ours.length) return [{ kind: 'value', field, live: shown(live), ours: shown(ours) }];
    return live.slice(0, mostItems).flatMap((item, index) => differences(item, ours[index], `${field}[]`));
  }
  return sameValue(live, ours) ? [] : [{ kind: 'value', field, live: shown(live), ours: shown(ours) }];
}

function sameValue(live: unknown, ours: unknown): boolean {
  if (live === ours) return true;
  if (live instanceof Packed && ours instanceof Packed) return live.value === ours.value;
  if (typeof live === 'string') return looksLikeTime(live) && rfc3339(live) === rfc3339(ours);
  return numberOf(live) !== undefined && numberOf(live) === numberOf(ours);
}

/** A value, short. */
export function shown(value: unknown): string {
  const text =
    value instanceof Packed
      ? String(value.value)
      : JSON.stringify(value, (_, part: unknown) =>
          typeof part === 'bigint' ? String(part) : part instanceof Packed ? Number(part.value) : part,
        );
  const whole = text ?? 'undefined';
  return whole.length > longestShown ? `${whole.slice(0, longestShown)}…` : whole;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Packed);
}
