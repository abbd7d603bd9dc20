import { stringify } from 'yaml';
import { z } from 'zod';
import { expectationKinds } from '../../server/expectations/index.ts';
import type { Countable, FaultKind } from '../../server/faults/fault.ts';
import { faultKinds } from '../../server/faults/index.ts';

const manyOf: Readonly<Record<Countable, string>> = {
  connection: 'connections',
  upgrade: 'upgrades',
  login: 'logins',
  subscription: 'subscriptions',
  reply: 'replies',
  ping: 'pings',
  event: 'events',
  frame: 'frames',
  request: 'requests',
};

/** The cells of the tables in docs/faults.md, a row for each fault. */
export function faultRows(): string[][] {
  const kinds: Readonly<Record<string, FaultKind>> = faultKinds;
  return Object.entries(kinds).map(([name, { options, counts, momentary }]) => {
    const [what, example] = toldBy(name, options);
    return [`\`${name}\``, what, example, momentary === true ? 'at once' : 'lasts', manyOf[counts]];
  });
}

/** A row for each expectation. */
export function expectationRows(): string[][] {
  const kinds: Readonly<Record<string, { readonly options: z.ZodType }>> = expectationKinds;
  return Object.entries(kinds).map(([name, { options }]) => [`\`${name}\``, ...toldBy(name, options)]);
}

function toldBy(name: string, options: z.ZodType): [what: string, example: string] {
  const { description, examples } = z.globalRegistry.get(options) ?? {};
  const [first] = z.array(z.unknown()).parse(examples);
  const yaml = stringify({ [name]: first }, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return [z.string().parse(description), `\`${yaml}\``];
}

/** Every row of the tables in a document, cell by cell, however its columns are padded. */
export function rowsOf(document: string): string[][] {
  const lines = document.split('\n').filter((line) => line.startsWith('| '));
  // A bar within a cell is spelled with a backslash.
  return lines.map((line) =>
    line
      .slice(2, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}
