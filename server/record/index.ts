import type { Recorder } from './recorder.ts';
import type { RecorderOptions } from './start.ts';

export type { Recorder, RecordingSummary } from './recorder.ts';
export type { RecorderOptions } from './start.ts';

/**
 * Starts a recorder, which stands between clients and a vendor. Throws a `TapeError` when the tape is none that can go on, a `RangeError`
 * for an unknown vendor, a `TlsError` when the certificate cannot serve, and Node's own error when the port is taken or a file cannot be
 * written.
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  // Whoever only plays needs none of it.
  const { startRecorder: start } = await import('./start.ts');
  return await start(options);
}
