import { Fields, JsonReader, type Trouble, Unreadable } from '../feed.ts';

const longestMessage = 200;

/** What an HTTP answer that is no success holds against us: of REST (sheet §7), or of the upgrade (sheet §1). */
export function refusalOf(status: number, body: string): { readonly why: Trouble; readonly message: string } {
  const message = messageIn(body);
  return { why: whyOf(status, message), message: `HTTP ${status}${message === '' ? '' : `: ${message}`}` };
}

function whyOf(status: number, message: string): Trouble {
  if (status === 401) return 'bad-key';
  // `forbidden.` means the keys [D DFAQ]; `subscription does not permit querying recent SIP data` means the plan [S JS4].
  if (status === 403) return /subscription|permit|entitle/i.test(message) ? 'not-entitled' : 'bad-key';
  if (status === 404) return 'not-found';
  // JS4 asks again after these as well, and after all of 5xx.
  if (status === 429) return 'too-many-requests';
  if (status === 400 || status === 422) return 'bad-request';
  return status >= 300 && status < 500 && status !== 408 && status !== 425 ? 'bad-request' : 'vendor-error';
}

/** `message` of the body where it is an object that has one, else the body itself; at most 200 characters. */
function messageIn(body: string): string {
  try {
    const said = new JsonReader(Buffer.from(body)).value();
    if (said instanceof Fields) return (said.maybeText('message') ?? '').slice(0, longestMessage);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return body.trim().slice(0, longestMessage);
}
