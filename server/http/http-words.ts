import { STATUS_CODES } from 'node:http';
import type { Quota, Rest, RestAnswer, RestRefusal } from '../exchanges/rest.ts';

/** Refusals that an exchange has words for, by the status that a scenario names. */
const refusals: Readonly<Record<number, RestRefusal>> = {
  401: 'bad-key',
  403: 'not-in-plan',
  429: 'over-quota',
  500: 'internal',
};

/**
 * An answer without a body as the exchange would say it, with whatever status it says it. What an exchange has no words for comes from a
 * gateway in front of it: a page that is no JSON, as nginx writes it.
 */
export function ownWords(answer: RestAnswer, rest: Rest, quotas: readonly Quota[]): RestAnswer {
  if (answer.body.length > 0) return answer;
  const why = refusals[answer.status];
  if (why === undefined)
    return { ...answer, headers: { 'content-type': 'text/html', ...answer.headers }, ...page(answer) };
  const own = rest.refusal(why, why === 'over-quota' ? usedUp(quotas) : undefined);
  return { ...own, headers: { ...own.headers, ...answer.headers } };
}

function page({ status }: RestAnswer): Pick<RestAnswer, 'body'> {
  const title = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const head = `<html>\r\n<head><title>${title}</title></head>\r\n`;
  return {
    body: `${head}<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  };
}

/** The minute's quota as though this request had gone beyond it. */
function usedUp(quotas: readonly Quota[]): Quota | undefined {
  const quota = quotas.find(({ span }) => span === 'minute') ?? quotas[0];
  return quota && { ...quota, used: Math.max(quota.used, quota.limit + 1), remaining: 0 };
}
