import type { Access, RestAnswer } from '../../exchange.ts';
import type { Directory } from '../instruments.ts';
import type { ErrorBody } from '../texts.ts';
import { csv, failure, type Finding, isError, json } from './answers.ts';
import { type Subject, subjectOf } from './subjects.ts';

/** What every request for instruments says. */
export interface Asked {
  readonly symbol: readonly string[];
  readonly exchange?: string | undefined;
  readonly mic_code?: string | undefined;
  readonly country?: string | undefined;
  readonly type?: string | undefined;
  readonly format: 'JSON' | 'CSV';
  readonly delimiter: string;
}

/** What routes have in common: where instruments are found, and how errors are told. */
export interface Desk {
  readonly directory: Directory;
  readonly errorStatus: 'code' | '200';
}

/**
 * One symbol is answered as itself; several as an object by symbol, in which each may fail on its own (sheet §5). The Python SDK knows
 * the latter by its header. Whether several can be had as CSV is not known: they come as JSON.
 */
export async function answerEach(
  asked: Asked,
  { directory, errorStatus }: Desk,
  access: Access,
  find: (subject: Subject) => Promise<Finding> | Finding,
): Promise<RestAnswer> {
  const detail = { exchange: asked.exchange, mic: asked.mic_code, country: asked.country, type: asked.type };
  const findingOf = async (name: string): Promise<Finding> => {
    const subject: Subject | ErrorBody = subjectOf(name, detail, directory, access);
    return 'code' in subject ? subject : await find(subject);
  };
  const [first = '', ...others] = asked.symbol;
  if (others.length > 0) {
    const bodies: (readonly [string, object])[] = [];
    for (const name of asked.symbol) {
      const finding = await findingOf(name);
      bodies.push([name, isError(finding) ? finding : finding.body]);
    }
    return json(Object.fromEntries(bodies), { is_batch: 'true' });
  }
  const finding = await findingOf(first);
  if (isError(finding)) return failure(finding, errorStatus);
  return asked.format === 'CSV' ? csv(finding.rows, asked.delimiter) : json(finding.body);
}

/** Reads a request and answers it, or tells what is wrong with it. */
export async function answered<Said>(
  given: { readonly asked: Said } | { readonly error: ErrorBody },
  { errorStatus }: Desk,
  answer: (asked: Said) => Promise<RestAnswer>,
): Promise<RestAnswer> {
  return 'error' in given ? failure(given.error, errorStatus) : await answer(given.asked);
}
