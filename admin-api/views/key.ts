import { isoMillis } from '../../market/nanos.ts';
import { labelOf, type ListedKey, type Run } from '../../server/index.ts';
import type { KeyView } from '../schemas/key.ts';

/** A key as the API tells it, without the key. */
export function keyViewOf({ key, secret, plan, sessions, symbols, ends }: ListedKey, run: Run): KeyView {
  const label = labelOf(key);
  return {
    label,
    ...(plan === undefined ? {} : { plan }),
    ...(sessions === undefined ? {} : { sessions }),
    ...(symbols === undefined ? {} : { symbols }),
    hasSecret: secret !== undefined,
    ...(ends === undefined ? {} : { ends: isoMillis(ends) }),
    good: ends === undefined || ends > run.now,
    connected: [...run.sessions].filter(({ record }) => record.contact.client === label).length,
  };
}
