import { expect, test } from 'vitest';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

test('every kind of fault is told with its options, an example that can be injected, and what that does', async () => {
  await using desk = await steered();
  const kinds = await desk.api.listFaultKinds();
  expect(kinds.length).toBeGreaterThan(50);
  expect(kinds.find(({ name }) => name === 'close')).toEqual({
    name: 'close',
    title: 'Close',
    description: 'Ends the connection in good order, with a Close frame of any code.',
    options: expect.objectContaining({
      type: 'object',
      properties: expect.objectContaining({ code: expect.anything() }),
    }),
    example: { code: 1001, reason: 'going away' },
    explanation: 'the connection is closed in good order with code 1001 (going away)',
    counts: 'connection',
    momentary: true,
  });
  for (const { name, example, momentary } of kinds) {
    const fault = { inject: { [name]: example }, ...(momentary ? {} : { for: '1m' }) };
    expect(await desk.api.injectFault(fault)).toMatchObject({ fault: name, over: momentary });
  }
});

test('a fault is injected, listed with what it does, and lifted', async () => {
  await using desk = await steered();
  const { api } = desk;
  const live = await api.injectFault({ inject: { mute: {} }, for: '10m', target: { key: 'PK-VERY-SECRET' } });
  expect(live).toMatchObject({
    id: 'now-1',
    sentence: expect.stringMatching(/^no data comes .*; for 10m of real time; only with key key-[0-9a-f]{8}\.$/),
    target: { client: expect.stringMatching(/^key-[0-9a-f]{8}$/) },
    byHand: true,
    strikes: 0,
  });
  expect(JSON.stringify(live)).not.toContain('PK-VERY-SECRET');
  expect(Date.parse(live.until ?? '') - Date.parse(live.since)).toBe(600_000);
  expect(await api.listFaults()).toEqual([live]);
  expect(await api.getRun('default')).toMatchObject({ faults: 1 });
  await api.liftFault('now-1');
  expect(await api.listFaults()).toEqual([]);
  await expect(api.liftFault('now-1')).rejects.toMatchObject({
    problem: { status: 404, detail: 'nothing called now-1 is live; nothing is' },
  });
});

test('a client is closed by hand, and another run does not notice', async () => {
  await using desk = await steered();
  const { api, papertape } = desk;
  const other = await api.createRun({ id: 'other' });
  await using client = await RawClient.trades(papertape.streamUrl('/v2/iex'), 'k');
  await using bystander = await RawClient.trades(other.streams['/v2/iex'] ?? '', other.key);
  expect(await api.injectFault({ inject: { hangUp: {} } })).toMatchObject({ strikes: 1, over: true });
  expect(await client.ended()).toBe('fin');
  await bystander.settled();
  expect(bystander.end).toBeUndefined();
  expect(await api.listFaults('other')).toEqual([]);
});

test('a fault that could not be is refused with its field and the way out', async () => {
  await using desk = await steered();
  const refused = async (fault: object): Promise<unknown> => {
    const asked = await fetch(`${desk.admin.url}/runs/default/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    return await asked.json();
  };
  expect(await refused({ inject: { mute: {} } })).toMatchObject({
    status: 422,
    errors: [{ field: 'body.for', message: 'missing', wayOut: 'add it, such as 30s' }],
  });
  expect(await refused({ inject: { close: { cod: 1001 } } })).toMatchObject({
    status: 422,
    errors: [{ field: 'body.inject.close.cod', message: 'unknown key', wayOut: expect.stringContaining('code') }],
  });
  expect(await refused({ inject: { mute: {} }, for: '1s', target: { endpoint: 'polygn' } })).toMatchObject({
    status: 422,
    errors: [{ field: 'body.target.endpoint', wayOut: 'did you mean polygon?' }],
  });
  expect(await refused([])).toMatchObject({ status: 422, errors: [{ field: 'body' }] });
  await desk.api.injectFault({ id: 'mine', inject: { mute: {} }, for: '1m' });
  expect(await refused({ id: 'mine', inject: { mute: {} }, for: '1m' })).toMatchObject({ status: 409 });
});
