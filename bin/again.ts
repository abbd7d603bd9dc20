import { shellWords } from './verdict-table.ts';

/** Variables that settle where and how an exchange listens, beside those that speak over its scenario. */
const listening = ['PAPERTAPE_HOST', 'PAPERTAPE_PORT', 'PAPERTAPE_TLS', 'PAPERTAPE_TLS_CERT', 'PAPERTAPE_TLS_KEY'];

/**
 * A command as a shell would read it, behind the variables of its environment that made the run what it was, for running it again just so.
 * `overrides`: those that speak over the scenario; `besides`: those for which the words themselves speak. What a scenario reads from
 * variables of the user's own (`${NAME}`) may be secret and is not told.
 */
export function again(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  overrides: readonly { readonly variable: string }[],
  besides: readonly string[] = [],
): string {
  const names = [...listening, ...overrides.map(({ variable }) => variable)].filter((name) => !besides.includes(name));
  const settings = names.flatMap((name) => {
    const text = environment[name] ?? '';
    return text === '' ? [] : [`${name}=${shellWords([text])}`];
  });
  return [...settings, shellWords(words)].join(' ');
}
