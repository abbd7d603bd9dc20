import { z } from 'zod';
import { namedBy, optionsOf } from '../plugs.ts';
import { bandwidth } from './bandwidth.ts';
import { breakPaging } from './break-paging.ts';
import { cancel } from './cancel.ts';
import { close } from './close.ts';
import { correct } from './correct.ts';
import { corrupt } from './corrupt.ts';
import { crossQuote } from './cross-quote.ts';
import { delayAck } from './delay-ack.ts';
import { delayGreeting } from './delay-greeting.ts';
import { delayUpgrade } from './delay-upgrade.ts';
import { drip } from './drip.ts';
import { drop } from './drop.ts';
import { duplicate } from './duplicate.ts';
import { evict } from './evict.ts';
import { expireKey } from './expire-key.ts';
import type { Circumstances, Countable, Fault, FaultKind } from './fault.ts';
import { halfFormedBar } from './half-formed-bar.ts';
import { halfOpen } from './half-open.ts';
import { halt } from './halt.ts';
import { hangUp } from './hang-up.ts';
import { hideHistory } from './hide-history.ts';
import { ignoreLogin } from './ignore-login.ts';
import { ignoreUpgrade } from './ignore-upgrade.ts';
import { kickSlow } from './kick-slow.ts';
import { late } from './late.ts';
import { lateHistory } from './late-history.ts';
import { lateTrade } from './late-trade.ts';
import { latency } from './latency.ts';
import { limitConnections } from './limit-connections.ts';
import { limitSymbols } from './limit-symbols.ts';
import { luldBand } from './luld-band.ts';
import { mute } from './mute.ts';
import { notANumber } from './not-a-number.ts';
import { oversize } from './oversize.ts';
import { refuseLogin } from './refuse-login.ts';
import { refuseSubscription } from './refuse-subscription.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { rejectRequest } from './reject-request.ts';
import { reorder } from './reorder.ts';
import { reset } from './reset.ts';
import { resetUpgrade } from './reset-upgrade.ts';
import { reviseBar } from './revise-bar.ts';
import { revokeKey } from './revoke-key.ts';
import { shutDown } from './shut-down.ts';
import { skew } from './skew.ts';
import { slice } from './slice.ts';
import { stale } from './stale.ts';
import { stallRequest } from './stall-request.ts';
import { truncate } from './truncate.ts';
import { truncateAnswer } from './truncate-answer.ts';
import { unknownEvent } from './unknown-event.ts';
import { withholdAck } from './withhold-ack.ts';
import { withholdGreeting } from './withhold-greeting.ts';
import { withholdPong } from './withhold-pong.ts';
import { withholdSymbols } from './withhold-symbols.ts';
import { wrongHistory } from './wrong-history.ts';
import { wrongType } from './wrong-type.ts';
import { zeroPrice } from './zero-price.ts';

/** Everything that can go wrong, under the name a scenario calls it. A new fault is a new line here. */
export const faultKinds = {
  // The end of a connection, or as good as that.
  close,
  reset,
  hangUp,
  halfOpen,
  kickSlow,
  evict,
  shutDown,
  // Before a client is in.
  refuseUpgrade,
  delayUpgrade,
  ignoreUpgrade,
  resetUpgrade,
  delayGreeting,
  withholdGreeting,
  refuseLogin,
  ignoreLogin,
  limitConnections,
  expireKey,
  revokeKey,
  // What a client asks for, and is told.
  refuseSubscription,
  limitSymbols,
  withholdSymbols,
  delayAck,
  withholdAck,
  withholdPong,
  // What it hears of the market.
  mute,
  drop,
  duplicate,
  reorder,
  late,
  stale,
  skew,
  // What a frame says, or fails to say.
  corrupt,
  truncate,
  oversize,
  wrongType,
  notANumber,
  unknownEvent,
  // What no market could mean.
  zeroPrice,
  crossQuote,
  // What markets do, and tapes seldom hold.
  lateTrade,
  correct,
  cancel,
  reviseBar,
  halfFormedBar,
  halt,
  luldBand,
  // How bytes travel.
  latency,
  bandwidth,
  slice,
  drip,
  // What it is told over HTTP.
  rejectRequest,
  stallRequest,
  truncateAnswer,
  breakPaging,
  hideHistory,
  lateHistory,
  wrongHistory,
} as const satisfies Record<string, FaultKind>;

/** The `inject` of a step: exactly one fault by name, with its options. */
export const faultSchema = z
  .strictObject(optionsOf(faultKinds))
  .partial()
  .refine((entry) => chosen(entry).length === 1, { error: ({ input }) => notOne(chosen(Object(input))) })
  .meta({
    title: 'Fault',
    description: 'What goes wrong: exactly one fault by name, with its options.',
    examples: [{ mute: {} }, { close: { code: 1001 } }],
    minProperties: 1,
    maxProperties: 1,
  });

function notOne(named: readonly { readonly name: string }[]): string {
  const names = named.map(({ name }) => name);
  if (names.length === 0)
    return `names no fault; name one, such as ${Object.keys(faultKinds).slice(0, 6).join(', ')} …`;
  return `names ${names.length} faults, ${names.join(' and ')}; keep one here, and give each a step of its own`;
}

/** A fault after validation, defaults filled in. */
export type FaultEntry = z.output<typeof faultSchema>;

/** A fault as a step names it, ready to be opened once for each session or request it is aimed at. */
export interface ChosenFault {
  readonly name: string;
  readonly counts: Countable;
  readonly momentary: boolean;
  readonly whole: boolean;
  readonly early: boolean;
  readonly sentence: string;
  open(circumstances: Circumstances): Fault;
}

/** The one fault of a validated entry. */
export function chosenFault(entry: FaultEntry): ChosenFault {
  const [only] = chosen(entry);
  if (only === undefined) throw new TypeError('a step without a fault; validate it with faultSchema first');
  const { name, kind, options } = only;
  const { counts, momentary = false, early = false } = kind;
  return {
    ...{ name, counts, momentary, early, whole: kind.whole?.(options) ?? false, sentence: kind.explain(options) },
    open: (so) => kind.open(options, so),
  };
}

/** Whether such a fault strikes one thing after the other, so that a rule without `for` means just the one that set it off; others last. */
export const countedOneByOne = (counts: Countable): boolean => counts !== 'connection';

const chosen = (entry: Readonly<Record<string, unknown>>) => namedBy<FaultKind>(faultKinds, entry);
