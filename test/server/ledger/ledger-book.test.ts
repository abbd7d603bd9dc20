import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import { LedgerBook } from '../../../server/ledger/ledger-book.ts';
import { Progress } from '../../../server/deck/progress.ts';
import { Subscriptions } from '../../../server/fan-out/subscriptions.ts';
import { opening, trade } from '../../helpers/events.ts';
import { reelOf } from '../../helpers/reel.ts';

const tape = [0, 1].map((second) => trade(opening + seconds(second), { id: String(second) }));
const reel = reelOf(tape, 2);
const signal = new AbortController().signal;
const interest = {
  exchange: { name: 'alpaca' },
  markets: ['stocks'],
  subscriptions: Subscriptions.none.with([{ channel: 'trade', symbols: ['*'] }]),
  deflateFrom: undefined,
} as const;
const contact = { session: 1, exchange: 'alpaca', path: '/v2/iex', client: 'bot' };

function rig(): { readonly ledger: LedgerBook; readonly progress: Progress; readonly play: () => void } {
  const options = { timestamps: 'original', maxIdle: undefined, start: opening, pass: 1, lag: 0n } as const;
  const progress = new Progress(reel, options);
  const ledger = new LedgerBook();
  ledger.hears(contact, { reel, progress, interest, from: 0 });
  const play = (): void => {
    progress.emission(tape, 0, 2, opening);
    progress.move(opening, 1, 0n);
  };
  return { ledger, progress, play };
}

test('a needle that is moved more often than anybody remembers leaves an account that says from where on it is true', async () => {
  const { ledger, play } = rig();
  for (let pass = 0; pass < 10_050; pass++) play();
  const [account] = await ledger.accounts(signal);
  // The leg on which nothing has been played yet is remembered too.
  expect(account).toMatchObject({ owed: 19_998, missed: [], beyond: { events: 102, losses: 0, answers: 0 } });
});

test('answers over HTTP beyond what is remembered are counted, and the same asked again is not', async () => {
  const { ledger, play } = rig();
  play();
  const covered = { market: 'stocks', symbol: 'AAPL', channel: 'trade', rows: 1 } as const;
  for (let again = 0; again < 3; again++) ledger.fetched('alpaca', 'bot', [{ ...covered, from: opening, to: opening }]);
  expect((await ledger.accounts(signal))[0]?.beyond).toBeUndefined();
  for (let count = 1; count <= 100_000; count++) {
    const at = opening + BigInt(count);
    ledger.fetched('alpaca', 'bot', [{ ...covered, from: at, to: at }]);
  }
  expect((await ledger.accounts(signal))[0]?.beyond).toEqual({ events: 0, losses: 0, answers: 1 });
});

test('what is lost of a session that is over stays lost, and one that lost nothing leaves nothing behind', async () => {
  const { ledger, progress, play } = rig();
  play();
  ledger.lost(1, { sequence: 1, ordinal: 1, shift: 0n }, 'of step drop');
  ledger.leaves(contact, 2);
  ledger.closed(1);
  ledger.lost(1, { sequence: 0, ordinal: 0, shift: 0n }, 'of step drop');
  ledger.hears({ ...contact, session: 2 }, { reel, progress, interest, from: 2 });
  ledger.leaves({ ...contact, session: 2 }, 2);
  ledger.closed(2);
  play();
  const [account] = await ledger.accounts(signal);
  expect(account?.missed.map(({ rows, why }) => `${rows} ${why}`)).toEqual([
    '1 of step drop',
    '2 it was not connected',
  ]);
});

test('of more clients than are remembered those that have been away longest are forgotten, which is told; who is there stays', async () => {
  const { ledger, progress, play } = rig();
  play();
  for (let number = 0; number < 10_003; number++) {
    const one = { ...contact, session: number + 2, client: `visitor ${number}` };
    ledger.hears(one, { reel, progress, interest, from: 1 });
    ledger.lost(one.session, { sequence: 1, ordinal: 1, shift: 0n }, 'of step drop');
    ledger.leaves(one, 2);
    ledger.closed(one.session);
    if (number === 9_999) expect(ledger.beyond).toEqual([]);
  }
  const clients = (await ledger.accounts(signal)).map(({ client }) => client);
  expect([clients.length, ...clients.slice(0, 2)]).toEqual([10_001, 'bot', 'visitor 3']);
  expect(ledger.beyond).toEqual([
    'more than 10000 clients were away at once: the accounts of 3 clients are lost, or begin where they came back',
  ]);
  ledger.hears({ ...contact, session: 20_000, client: 'visitor 3' }, { reel, progress, interest, from: 2 });
  ledger.leaves(contact, 2);
  ledger.closed(1);
  expect((await ledger.accounts(signal)).map(({ client }) => client).slice(0, 2)).toEqual(['bot', 'visitor 3']);
});

test('what had no room is still told when its connection is over', async () => {
  const { ledger, play } = rig();
  play();
  // Places that are no neighbours, so that each takes room of its own.
  for (let place = 0; place < 500_002; place++) {
    ledger.lost(1, { sequence: 0, ordinal: place * 2, shift: 0n }, 'of step drop');
  }
  ledger.leaves(contact, 2);
  ledger.closed(1);
  expect((await ledger.accounts(signal))[0]?.beyond).toEqual({ events: 0, losses: 2, answers: 0 });
});
