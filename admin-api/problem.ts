import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** One thing wrong with a request, with its place. */
export const faultSchema = z.strictObject({
  field: z
    .string()
    .meta({ description: 'Where it is: a part of the request (body, params, query) and the path in it.' }),
  message: z.string(),
  wayOut: z.string().optional(),
  value: z.string().optional().meta({ description: 'What was found there.' }),
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
});

/** Problem details, RFC 9457. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'Always about:blank: the status says what kind of problem it is.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong and the way out, for a person.' }),
    instance: z.string().optional().meta({ description: 'The path that was asked for.' }),
    errors: z.array(faultSchema).optional().meta({ description: 'What is wrong, each with its field.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details as in RFC 9457.' });

export type Fault = z.infer<typeof faultSchema>;
export type Problem = z.infer<typeof problemSchema>;

export const problemType = 'application/problem+json';

/** An expected no, told as problem details. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly faults: readonly Fault[] | undefined;

  constructor(status: number, detail: string, faults?: readonly Fault[]) {
    super(detail);
    this.status = status;
    this.faults = faults;
  }
}

export const notFound = (detail: string): ProblemError => new ProblemError(404, detail);

/** The body of an answer that says no. */
export function problemOf(status: number, detail: string, instance: string, faults?: readonly Fault[]): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance,
    ...(faults === undefined ? {} : { errors: [...faults] }),
  };
}
