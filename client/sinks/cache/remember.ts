import { createHash } from 'node:crypto';
import { EventJson, timeLength } from '../../../market/event-json.ts';
import { milli } from '../../../market/nanos.ts';
import type { Keys } from './keys.ts';
import type { CacheSettings } from './settings.ts';
import type { Group } from './shelf.ts';

/** The time in the JSON of an event, as Lua counts: behind `{"at":"`. */
const timeFrom = '{"at":"'.length + 1;
const timeTo = timeFrom + timeLength - 1;

/**
 * Writes groups of events, each in one go, so that of several writers none undoes what another wrote later in market time. Redis runs nothing else
 * meanwhile, which is why a call holds few groups.
 *
 * KEYS: symbols, then latest and recent of each group. ARGV: milliseconds of both, length of a list, `1` to publish; then of each group its
 * updates channel, its symbol, the scores of its events, oldest first, and their JSON as the array that is published, with an end of line
 * behind each comma between them. A few long arguments cost half of what many short ones do.
 */
export const rememberScript = `
local latestFor, recentFor, most, publish = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
local place = 5
for number = 2, #KEYS, 2 do
  local latest, recent = KEYS[number], KEYS[number + 1]
  local updates, symbol, scores, message = ARGV[place], ARGV[place + 1], ARGV[place + 2], ARGV[place + 3]
  local members, from = {}, 2
  for score in string.gmatch(scores, '%S+') do
    local to = string.find(message, ',\\n', from, true) or #message
    members[#members + 1] = score
    members[#members + 1] = string.sub(message, from, to - 1)
    from = to + 2
  end
  local newest = members[#members]
  local held = redis.call('GETRANGE', latest, ${timeFrom - 1}, ${timeTo - 1})
  if held <= string.sub(newest, ${timeFrom}, ${timeTo}) then
    redis.call('SET', latest, newest, 'PX', latestFor)
    redis.call('ZADD', KEYS[1], 'GT', members[#members - 1], symbol)
  end
  if most > 0 then
    redis.call('ZADD', recent, unpack(members))
    redis.call('ZREMRANGEBYRANK', recent, 0, -most - 1)
    redis.call('PEXPIRE', recent, recentFor)
  end
  if publish then redis.call('PUBLISH', updates, message) end
  place = place + 4
end
redis.call('PEXPIRE', KEYS[1], latestFor)
return redis.status_reply('OK')
`;

export const rememberDigest = createHash('sha1').update(rememberScript).digest('hex');

/** Spells groups as keys and arguments of the script. */
export class Remembering {
  readonly #keys: Keys;
  readonly #head: readonly string[];
  readonly #json = new EventJson();

  constructor(keys: Keys, { latestFor, recentFor, recent, publish }: CacheSettings) {
    this.#keys = keys;
    this.#head = [String(latestFor / milli), String(recentFor / milli), String(recent), publish ? '1' : '0'];
  }

  /** Number of keys, keys, arguments. */
  of(groups: readonly Group[]): [number, ...string[]] {
    const keys = [this.#keys.symbols];
    const words = [...this.#head];
    for (const { channel, symbol, events } of groups) {
      keys.push(this.#keys.latest(channel, symbol), this.#keys.recent(channel, symbol));
      // Whole microseconds, which a double holds; within one, members sort by their text, which begins with the time.
      const scores = events.map(({ event }) => event.at / 1000n).join(' ');
      const texts = events.map(({ event, dataSource }) => this.#json.of(event, dataSource));
      words.push(this.#keys.updates(channel, symbol), symbol, scores, `[${texts.join(',\n')}]`);
    }
    return [keys.length, ...keys, ...words];
  }
}
