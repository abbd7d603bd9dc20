import { z } from 'zod';

const shape = /^(\d+(?:\.\d+)?)\s?(B|kB|KB|MB|GB|KiB|MiB|GiB)$/;
const perUnit: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};
const smallest = 1024;
const largest = 2 ** 30;

/** Bytes of a text such as `64KiB` or `1MiB`; `undefined` when it is no size. */
export function parseByteSize(text: string): number | undefined {
  const match = shape.exec(text);
  return match === null ? undefined : Math.round(Number(match[1]) * (perUnit[match[2] ?? ''] ?? Number.NaN));
}

/** The text an explanation shows: `1MiB`, `1500 bytes`. */
export function formatByteSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB'] as const) {
    const size = perUnit[unit] ?? 1;
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${bytes} bytes`;
}

const noSize = 'not a size; use a number of bytes or a text such as 64KiB';

/** A size in YAML, parsed to bytes: a plain number, or text with its unit. */
export const byteSize = z
  .union([z.number(), z.string().regex(shape, { error: noSize, abort: true })], { error: noSize })
  .transform((value, context): number => {
    const bytes = typeof value === 'number' ? value : (parseByteSize(value) ?? Number.NaN);
    if (Number.isInteger(bytes) && bytes >= smallest && bytes <= largest) return bytes;
    context.addIssue({ code: 'custom', message: 'out of reach; use a size between 1KiB and 1GiB' });
    return z.NEVER;
  })
  .meta({ description: 'A size: bytes as a number, or text with a unit.', examples: ['64KiB', '1MiB', 65536] });
