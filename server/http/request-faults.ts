import type { Nanos } from '../../market/event.ts';
import type { History, Rest, RestAnswer, RestRequest } from '../exchanges/rest.ts';
import type { Turn } from '../faults/fault.ts';
import type { Affliction } from '../injection/injection.ts';
import type { Covered } from '../journal-entry.ts';

/** What was asked over HTTP, and all that became of it. */
export interface Asked {
  /** Path and query, without keys. */
  readonly url: string;
  /** 0: it got no answer. */
  readonly status: number;
  /** Wall time that the answer asks the client to wait (its Retry-After header). */
  readonly retryAfter?: Nanos;
  /** Wall time from the question to the answer. */
  readonly took: Nanos;
  /** The rows of the answer. Bars by their start, as the wire shows it; a minute's bar is a `bar` however often it changed. */
  readonly covers: readonly Covered[];
}

/** All that goes wrong with one request, each hook as its faults do it one after the other (`Fault`). */
export interface RequestFaults {
  /** Instead of the answer; with one that has no body the exchange says it in its own words. */
  request(request: RestRequest): Turn | undefined;
  asked(request: RestRequest, paging: Rest['paging']): RestRequest;
  history(history: History): History;
  /** `cut`: the connection breaks after it. */
  answer(answer: RestAnswer, paging: Rest['paging']): RestAnswer & { readonly cut?: true };
  /** Hears what became of it; absent where nobody keeps a journal, and then no rows are counted. */
  readonly answered?: (asked: Asked) => void;
}

/** Of a request with which nothing goes wrong, and of which nobody keeps a record. */
export const noRequestFaults: RequestFaults = {
  request: () => undefined,
  asked: (request) => request,
  history: (history) => history,
  answer: (answer) => answer,
};

/** What these faults do to a request, one after the other. `answered` hears what became of it. */
export function faultsOfRequest(afflictions: readonly Affliction[], answered: (asked: Asked) => void): RequestFaults {
  return {
    request: (request) => {
      for (const one of afflictions) {
        if (one.fault.request === undefined) continue;
        const turn = one.ask((fault) => fault.request?.(request));
        if (turn !== undefined) return turn;
      }
      return undefined;
    },
    asked: (request, paging) =>
      afflictions.reduce(
        (so, one) => (one.fault.asked === undefined ? so : (one.ask((fault) => fault.asked?.(so, paging)) ?? so)),
        request,
      ),
    history: (history) =>
      afflictions.reduce(
        (so, one) => (one.fault.history === undefined ? so : (one.ask((fault) => fault.history?.(so)) ?? so)),
        history,
      ),
    answer: (answer, paging) =>
      afflictions.reduce<RestAnswer & { readonly cut?: true }>(
        (so, one) => (one.fault.answer === undefined ? so : (one.ask((fault) => fault.answer?.(so, paging)) ?? so)),
        answer,
      ),
    answered,
  };
}
