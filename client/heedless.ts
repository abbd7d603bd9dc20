import { reason } from '../migrations/session.ts';

/**
 * A listener that may throw without harm: whoever tells is in the middle of a decision, which has to be carried out. The error becomes a
 * warning of the process, which Node prints and `process.on('warning')` hears.
 */
export function heedless<Told>(listen: ((told: Told) => void) | undefined): (told: Told) => void {
  return (told) => {
    try {
      listen?.(told);
    } catch (error) {
      process.emitWarning(`a listener of the pipeline threw: ${reason(error)}`, 'PapertapeWarning');
    }
  };
}
