import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoadedScenario, ScenarioInput } from '../../server/index.ts';
import { packageFile } from '../package-files.ts';
import { Complaint } from '../shell.ts';

/** Vendors whose clients can be certified. */
export const vendors = ['alpaca', 'polygon', 'twelvedata'] as const;
export type Vendor = (typeof vendors)[number];

const ending = '.scenario.yaml';

/** What a vendor has nothing for, and why; a scenario that needs it is left out for its clients. */
const lacking: Readonly<Record<Vendor, Readonly<Record<string, string>>>> = {
  alpaca: {},
  polygon: {},
  twelvedata: {
    'no-greeting': 'Twelve Data does not greet',
    'gap-refill': 'Twelve Data tells no single ticks over HTTP, so nobody can fetch them',
    'rest-429-storm': 'Twelve Data tells no single ticks over HTTP, so nobody can fetch them',
  },
};

/** In which channel a vendor's rows are compared with what a client kept. */
const rowChannels: Readonly<Record<Vendor, string>> = { alpaca: 'trade', polygon: 'trade', twelvedata: 'price' };

/** Names of the scenarios of the suite, in their order. */
export function suite(): readonly string[] {
  const folder = dirname(packageFile(`scenarios/certify/close-1000${ending}`));
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.map((name) => name.slice(0, -ending.length)).toSorted();
}

/** Why a scenario is nothing for a vendor's clients; absent when it is. */
export const lackOf = (vendor: Vendor, name: string): string | undefined => lacking[vendor][name];

/** Finds the word that was probably meant. */
export type Closest = (word: string, words: Iterable<string>) => string | undefined;

/** The vendor of that name; `undefined` when none is named. Throws a `Complaint` for a name that is none. */
export function vendorOf(given: string | undefined, closest: Closest): Vendor | undefined {
  const vendor = vendors.find((one) => one === given);
  if (given === undefined || vendor !== undefined) return vendor;
  const meant = closest(given.toLowerCase(), vendors);
  throw new Complaint(
    `--vendor: ${given} – not a vendor; ${meant === undefined ? `use ${vendors.join(', ')}` : `did you mean ${meant}?`}`,
  );
}

/** The scenarios that are asked for; all when nothing is said. Throws a `Complaint` for a name that is none. */
export function chosen(only: string | undefined, closest: Closest): readonly string[] {
  const names = suite();
  if (only === undefined) return names;
  const wanted = only.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
  if (wanted.length === 0) throw new Complaint('--only: names no scenario; see papertape certify --list');
  for (const word of wanted) {
    if (names.includes(word)) continue;
    const meant = closest(word, names);
    throw new Complaint(
      `--only: ${word} – no such scenario; ${meant === undefined ? 'see papertape certify --list' : `did you mean ${meant}?`}`,
    );
  }
  return names.filter((name) => wanted.includes(name));
}

/** A scenario of the suite for one vendor's clients. `rows`: the file into which a client writes what it keeps. */
export async function loadFor(
  vendor: Vendor,
  name: string,
  rows: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LoadedScenario> {
  const { loadScenario, scenarioSchema } = await import('../../server/index.ts');
  const own = { PAPERTAPE_ROWS: rows, PAPERTAPE_ROWS_CHANNEL: rowChannels[vendor] };
  const loaded = await loadScenario(packageFile(`scenarios/certify/${name}${ending}`), { ...environment, ...own });
  const alone: ScenarioInput['endpoints'] = { [vendor]: {} };
  return { ...loaded, scenario: { ...loaded.scenario, endpoints: scenarioSchema.shape.endpoints.parse(alone) } };
}
