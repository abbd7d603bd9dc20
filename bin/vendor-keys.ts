import { Complaint, type Shell } from './shell.ts';

/** Whom a client can listen to. */
export const vendors = ['alpaca', 'polygon', 'twelvedata'] as const;
export type Vendor = (typeof vendors)[number];

/** The vendor of that name. Throws a Complaint that says where it was named: an option or a variable. */
export function vendorNamed(text: string, where: string): Vendor {
  const vendor = vendors.find((name) => name === text);
  if (vendor === undefined) throw new Complaint(`${where}: ${text} – expected one of ${vendors.join(', ')}`);
  return vendor;
}

/** What is looked at for keys, our own names before those that the vendors' SDKs read; a vendor without secrets has one name. */
const keyNames: Readonly<Record<Vendor, readonly (readonly [id: string, secret?: string])[]>> = {
  alpaca: [
    ['PAPERTAPE_KEY', 'PAPERTAPE_SECRET'],
    ['APCA_API_KEY_ID', 'APCA_API_SECRET_KEY'],
  ],
  polygon: [['PAPERTAPE_KEY'], ['POLYGON_API_KEY'], ['MASSIVE_API_KEY']],
  twelvedata: [['PAPERTAPE_KEY'], ['TWELVEDATA_API_KEY']],
};

/**
 * The keys for a vendor: of the first variable that has some, several with commas between. A Papertape on this machine takes any key where its scenario
 * names none, so there it may go without; anywhere else that is a Complaint.
 */
export function vendorKeys(
  vendor: Vendor,
  url: string,
  environment: Shell['environment'],
): { readonly id: string; readonly secret: string }[] {
  for (const [id, secret] of keyNames[vendor]) {
    const ids = wordsOf(environment[id]);
    const secrets = secret === undefined ? [] : wordsOf(environment[secret]);
    if (ids.length > 0) return ids.map((text, index) => ({ id: text, secret: secrets[index] ?? '' }));
  }
  if (/^wss?:\/\/(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|$)/.test(url))
    return [{ id: 'papertape', secret: 'papertape' }];
  const names = keyNames[vendor].map((pair) => pair.join(' and '));
  throw new Complaint(`there is no key for ${vendor}; set ${names.join(', or ')}`);
}

const wordsOf = (text = ''): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
