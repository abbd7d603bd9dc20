import { z } from 'zod';

/** A parameter of a request with its own reading; whatever the reading cannot take is refused in the words given. */
export function parameter<Value>(parse: (text: string) => Value | undefined, complaint: (text: string) => string) {
  return z.string().transform((text, context): Value => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: complaint(text) });
    return z.NEVER;
  });
}
