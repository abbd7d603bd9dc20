import type { Recorder, RecorderOptions } from './recorder.ts';

export type { Recorder, RecorderOptions, RecordingSummary } from './recorder.ts';

/**
 * Starts a recorder, which stands between clients and a vendor. Throws a `TapeError` when the tape is none that can go on, a `RangeError`
 * for an unknown vendor, and Node's own error when the port is taken or a file cannot be written.
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  // Whoever only plays needs none of it.
  const { startRecorder: start } = await import('./recorder.ts');
  return await start(options);
}
