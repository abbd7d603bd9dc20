import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { testDatabase, testRedis } from './index.ts';

test('a real PostgreSQL answers, with the tables in place and a database per caller', async () => {
  await using one = await testDatabase();
  await using other = await testDatabase();
  const clients = [one, other].map(({ url }) => new Client({ connectionString: url }));
  await Promise.all(clients.map(async (client) => await client.connect()));
  await clients[0]?.query("INSERT INTO tapes (data_source, origin, licence) VALUES ('mine', 'here', 'MIT')");
  const counts = await Promise.all(clients.map(async (client) => (await client.query('SELECT * FROM tapes')).rowCount));
  const version = await clients[0]?.query<{ version: string }>('SELECT version()');
  await Promise.all(clients.map(async (client) => await client.end()));
  expect(counts).toEqual([1, 0]);
  expect(version?.rows[0]?.version).toMatch(/^PostgreSQL \d+/);
});

test('a real Redis answers', async () => {
  const redis = new Redis(await testRedis());
  const key = `papertape:${process.pid}`;
  try {
    expect(await redis.set(key, 'here', 'EX', 10)).toBe('OK');
    expect(await redis.get(key)).toBe('here');
    expect(await redis.info('server')).toMatch(/(redis|valkey)_version:/);
  } finally {
    redis.disconnect();
  }
});
