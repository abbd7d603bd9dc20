import { describe, expect, test } from 'vitest';
import { seconds } from '../../../../market/nanos.ts';
import { Caller } from '../../../helpers/caller.ts';
import { Dialogue, status } from './dialogue.ts';

const login = { action: 'auth', params: 'k' };
const authenticated = [status('auth_success', 'authenticated')];

describe('a login', () => {
  test('in the words of 2019 is a success or an error', async () => {
    await using dialogue = await Dialogue.begin({ words: 'legacy' }, { keys: [{ key: 'k' }] });
    expect(await dialogue.say(await dialogue.call('/stocks'), login)).toEqual([[status('success', 'authenticated')]]);
    expect(await dialogue.say(await dialogue.call('/stocks'), { ...login, params: 'x' })).toEqual([
      [status('error', 'authentication failed')],
      1006,
    ]);
  });

  test.each(['massive', 'polygon'] as const)(
    'with a plan that has no web sockets, or not this cluster, fails and names where to buy one, at %s',
    async (brand) => {
      const plans = { advanced: { clusters: ['stocks' as const] } };
      const keys = [
        { key: 'free', plan: 'basic' },
        { key: 'late', plan: 'developer' },
        { key: 'k', plan: 'advanced' },
      ];
      await using dialogue = await Dialogue.begin({ brand, plans }, { keys });
      const site = brand === 'massive' ? 'massive.com' : 'polygon.io';
      const text = `Your plan doesn't include websocket access. Visit https://${site}/pricing to upgrade.`;
      const failed = [[status('auth_failed', text)], 1006];
      for (const [path, key] of [
        ['/stocks', 'free'],
        ['/stocks', 'late'],
        ['/crypto', 'k'],
      ] as const) {
        expect(await dialogue.say(await dialogue.call(path), { ...login, params: key })).toEqual(failed);
      }
      expect(await dialogue.say(await dialogue.call('/stocks'), login)).toEqual([authenticated]);
      // Currencies have no delayed feed, so a delayed plan has them as they are.
      expect(await dialogue.say(await dialogue.call('/forex'), { ...login, params: 'late' })).toEqual([authenticated]);
    },
  );

  test('that comes a second time changes nothing and is not answered', async () => {
    await using dialogue = await Dialogue.begin();
    const caller = await dialogue.call('/stocks', 'k');
    expect(await dialogue.say(caller, login)).toEqual([]);
  });
});

describe('too many connections', () => {
  const counted = 'Maximum number of websocket connections exceeded. You may only use 1 connections at a time.';

  test.each([
    ['counted', counted],
    ['spec', 'Maximum number of connections exceeded.'],
    ['plain', 'Maximum number of websocket connections exceeded. '],
    [
      'account',
      'Maximum number of websocket connections exceeded. You have reached the connection limit for your account.',
    ],
    [
      'contact',
      'Maximum number of websocket connections exceeded. Please contact support at https://polygon.io/contact to increase your limit.',
    ],
  ] as const)('end the oldest, in the words of %s', async (wording, text) => {
    await using dialogue = await Dialogue.begin({ connectionCap: { wording } });
    const oldest = await dialogue.call('/stocks', 'k');
    expect(await dialogue.say(await dialogue.call('/stocks'), login)).toEqual([authenticated]);
    expect(await dialogue.heard(oldest)).toEqual([[status('max_connections', text)], 1008]);
  });

  test('end the newest instead once it has subscribed, without a Close frame, where a scenario wants that', async () => {
    const plans = { business: { connections: 2 } };
    const connectionCap = { mode: 'refuse_newest', close: 'abort' } as const;
    await using dialogue = await Dialogue.begin({ plans, connectionCap });
    const others = [await dialogue.call('/stocks', 'k'), await dialogue.call('/stocks', 'k')];
    const newest = await dialogue.call('/stocks');
    expect(await dialogue.say(newest, login)).toEqual([authenticated]);
    expect(await dialogue.say(newest, { action: 'subscribe', params: 'T.AAPL' })).toEqual([
      [status('success', 'subscribed to: T.AAPL')],
      [status('max_connections', counted.replace('1', '2'))],
      1006,
    ]);
    for (const other of others) expect(await dialogue.heard(other)).toEqual([]);
    // It held no place: one that leaves makes room.
    const [one] = others;
    one?.socket.close();
    await new Promise((resolve) => one?.socket.once('close', resolve));
    const next = await dialogue.call('/stocks', 'k');
    expect(await dialogue.say(next, { action: 'subscribe', params: 'T.AAPL' })).toHaveLength(1);
  });

  test('are counted cluster by cluster, and as many as the plan has', async () => {
    await using dialogue = await Dialogue.begin({ plans: { business: { connections: 2 } } });
    const callers = [];
    for (const path of ['/stocks', '/stocks', '/crypto', '/delayed/stocks'])
      callers.push(await dialogue.call(path, 'k'));
    for (const caller of callers) expect(await dialogue.heard(caller)).toEqual([]);
    await dialogue.call('/stocks', 'k');
    const [oldest] = callers;
    expect(oldest && (await dialogue.heard(oldest))).toEqual([
      [status('max_connections', counted.replace('1', '2'))],
      1008,
    ]);
  });
});

describe('what cannot be understood', () => {
  const nonsense = [
    '{',
    '[]',
    '"auth"',
    'null',
    '{"action":"subscribe"}',
    '{"action":"subscribe","params":["T.AAPL"]}',
  ];

  test.each([...nonsense, '{"action":"ping","params":""}'])('is passed over in silence: %s', async (message) => {
    await using dialogue = await Dialogue.begin();
    const caller = await dialogue.call('/stocks', 'k');
    expect(await dialogue.say(caller, message)).toEqual([]);
    expect(caller.closed).toBe(false);
  });

  test.each(['1003', '1008'] as const)(
    'ends the connection with %s, where a scenario wants that',
    async (malformed) => {
      await using dialogue = await Dialogue.begin({ malformed });
      expect(await dialogue.say(await dialogue.call('/stocks', 'k'), '{')).toEqual([Number(malformed)]);
    },
  );
});

describe('paths', () => {
  test.each([
    '/stocks',
    '/polygon/stocks',
    '/socket/options',
    '/business/indices',
    '/polyfeed/crypto',
    '/iex-business/stocks',
    '/delayed-nasdaq-basic-business/stocks',
    '/delayed/futures',
    '/futures/nymex',
  ])('%s greets', async (path) => {
    await using dialogue = await Dialogue.begin();
    const caller = await Caller.connect(dialogue.papertape.url + path, dialogue.clock);
    await using _caller = caller;
    expect(await dialogue.heard(caller, seconds(1))).toEqual([[status('connected', 'Connected Successfully')]]);
  });

  test.each(['/delayed/crypto', '/delayed/forex', '/launchpad/stocks', '/futures/ice', '/stocks/'.repeat(2)])(
    '%s is none',
    async (path) => {
      await using dialogue = await Dialogue.begin();
      await expect(Caller.connect(dialogue.papertape.url + path, dialogue.clock)).rejects.toThrow('404');
    },
  );
});
