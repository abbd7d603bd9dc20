import { count } from '../evidence/spell.ts';
import type { Account } from '../ledger.ts';
import type { RunFacts } from './run-facts.ts';

/** What of one client's account is not told, because the ledger could not remember it: in sentences without a full stop. */
export function beyondOf({ beyond }: Pick<Account, 'beyond'>): readonly string[] {
  if (beyond === undefined) return [];
  const { events, losses, answers } = beyond;
  return [
    ...(events === 0 ? [] : [`nothing is told of the first ${count(events, 'event')} that were played`]),
    ...(losses === 0
      ? []
      : [`${count(losses, 'row')} that went wrong had no room and ${losses === 1 ? 'counts' : 'count'} as sent`]),
    ...(answers === 0
      ? []
      : [
          `${count(answers, 'stretch', 'stretches')} told over HTTP ${answers === 1 ? 'does' : 'do'} not count as fetched`,
        ]),
  ];
}

/** What of a whole run could not be remembered, of its clients by name and of all together. */
export function allBeyond({ accounts, beyond = [] }: Pick<RunFacts, 'accounts' | 'beyond'>): readonly string[] {
  const told = accounts.flatMap((account) => {
    const { client, exchange, path } = account;
    return beyondOf(account).map((sentence) => `${client} on ${exchange}${path}: ${sentence}`);
  });
  return [...told, ...beyond];
}
