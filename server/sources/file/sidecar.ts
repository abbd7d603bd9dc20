import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { channels, markets } from '../../../market/event.ts';
import { TapeError } from '../source.ts';

const nanos = z
  .string()
  .regex(/^-?\d{1,19}$/, 'expected nanoseconds since 1970 in quotes')
  .transform((text) => BigInt(text));

/** One stretch of a recording, from the start of `papertape record` to its end or to the moment after which nothing was written. */
export const pieceSchema = z.strictObject({
  /** On the wall, not on the tape. */
  startedAt: z.string(),
  endedAt: z.string(),
  /** `cut`: it was killed, or the power failed. */
  end: z.enum(['clean', 'cut']),
  events: z.int().nonnegative(),
  /** First and last instant on the tape. */
  period: z.strictObject({ from: z.string(), to: z.string() }).optional(),
});
export type RecordedPiece = z.output<typeof pieceSchema>;

/** How a tape was recorded: in which pieces, with which gaps, and what is not on it. */
export const recordingSchema = z.strictObject({
  pieces: z.array(pieceSchema),
  /** Times on the wall between two pieces, when nobody listened. */
  gaps: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  /** Events heard once more, which are on the tape already. */
  repeats: z.int().nonnegative(),
  /** Events that came too late for their place, kept in a file beside. */
  strays: z.int().nonnegative(),
  paths: z.array(z.string()),
});
export type RecordingNotes = z.output<typeof recordingSchema>;

/** What a tape's sidecar file says: whose it is, what it holds, and by which checksum one knows that it still does. */
export const sidecarSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
  bytes: z.int().nonnegative(),
  origin: z.string(),
  licence: z.string(),
  timeZone: z.string(),
  symbols: z.array(z.string()),
  channels: z.array(z.enum(channels)),
  events: z.int().nonnegative(),
  period: z.strictObject({ from: z.string(), to: z.string() }).optional(),
  /** Of tapes that `papertape record` made. */
  recording: recordingSchema.optional(),
  holdings: z.array(
    z.strictObject({
      symbol: z.string(),
      market: z.enum(markets),
      channel: z.enum(channels),
      events: z.int().positive(),
      from: nanos,
      to: nanos,
    }),
  ),
});
export type Sidecar = z.output<typeof sidecarSchema>;

/** Where the sidecar of a tape lies: `day.ndjson.gz.meta.json` beside `day.ndjson.gz`. */
export const sidecarPath = (tape: string): string => `${tape}.meta.json`;

/** Spells a sidecar as the file that `readSidecar` reads. */
export function sidecarText(sidecar: Sidecar): string {
  return `${JSON.stringify(sidecar, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`;
}

/**
 * What the sidecar of a tape says, `undefined` when there is none or when the tape was changed since it was written. Throws a
 * `TapeError` when the sidecar itself is broken.
 */
export async function readSidecar(tape: string): Promise<Sidecar | undefined> {
  const path = sidecarPath(tape);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new TapeError(`${path}: cannot be read`, { cause: error });
  });
  if (text === undefined) return undefined;
  const sidecar = parse(path, text);
  const { size } = await stat(tape);
  // The size is asked first because it costs nothing. A time stamp proves nothing: checkouts and copies change it.
  return size === sidecar.bytes && (await sha256Of(tape)) === sidecar.sha256 ? sidecar : undefined;
}

/** The checksum of a file as 64 hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

function parse(path: string, text: string): Sidecar {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TapeError(`${path}: is no JSON; delete it and the tape is scanned instead`, { cause });
  }
  const result = sidecarSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new TapeError(`${path}: ${where}: ${issue?.message ?? ''}; delete the file and the tape is scanned instead`);
}
