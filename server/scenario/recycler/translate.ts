import { complaintsOf } from '../complaint.ts';
import type { Chain } from '../chain.ts';
import type { Environment } from '../interpolate.ts';
import { jsonSchemaOf } from '../json-schema.ts';
import { override, type Override } from '../overrides.ts';
import { type Place, printPath, printValue, ScenarioError } from '../problem.ts';
import { branch, overlay, placeOf, type Tree, valueAt, valueOf } from '../tree.ts';
import { configurationSchema, type Websocket } from './configuration.ts';
import { recyclerDatabase } from './database.ts';

/** The old system's own variables; an empty one counts as unset. */
export const recyclerVariables: readonly Override[] = [
  { variable: 'WEBSOCKET_MODE', path: ['websocket', 'mode'], reads: 'text', example: 'recycler' },
  {
    variable: 'RECYCLER_REPLAY_SPEED',
    path: ['websocket', 'recycler', 'replay_speed'],
    reads: 'number',
    example: '2.0',
  },
  { variable: 'RECYCLER_SYMBOLS', path: ['websocket', 'recycler', 'symbols'], reads: 'list', example: 'AAPL,MSFT' },
];

/** The port that the old system's server was bound to, and ours. */
const usualPort = '8765';

/** Says as a scenario what the configuration asks of the recycler. Throws a `ScenarioError` with everything wrong, in its own names. */
export function translate(configuration: Tree, environment: Environment): Chain {
  const tree = override(configuration, environment, recyclerVariables);
  const result = configurationSchema.safeParse(valueOf(tree));
  if (!result.success) {
    const schema = jsonSchemaOf(configurationSchema);
    throw new ScenarioError(result.error.issues.flatMap((issue) => complaintsOf(issue, tree, schema)));
  }
  const { websocket } = result.data;
  const { recycler } = websocket;
  const { url, variable } = recyclerDatabase(environment);
  const cleanup = recycler.data_retention?.auto_cleanup === true ? recycler.data_retention : undefined;
  const from = placeOf(tree, block);
  const places = (path: Setting[2]): Place =>
    path !== 'database' ? placeOf(tree, path) : variable === undefined ? from : { variable };
  const empty: Tree = { kind: 'map', place: from, entries: new Map() };
  return {
    tree: settingsOf(websocket, url).reduce<Tree>(
      (said, [path, value, source]) => overlay(said, branch(path, value, places(source))),
      empty,
    ),
    advice: adviceOn(websocket).map(({ path, message, wayOut }) => ({
      place: placeOf(tree, path),
      path: printPath(path),
      value: printValue(valueAt(tree, path), path),
      message,
      wayOut,
    })),
    retention: cleanup && { url, days: cleanup.recycled_data_days },
  };
}

const block = ['websocket', 'recycler'];
const knob = (name: string): readonly string[] => [...block, name];

type Setting = readonly [path: readonly string[], value: unknown, from: readonly string[] | 'database'];

/** Each setting of the scenario, and where the configuration says it. */
function settingsOf({ recycler }: Websocket, url: string): Setting[] {
  const { replay_mode: mode, replay_speed: speed, loop_count: loopCount, symbols, date_range: range } = recycler;
  const path = pathOf(recycler.server_url);
  return [
    [['name'], 'recycler', block],
    [['description'], 'What a configuration of prefect-trading asks of its data recycler.', block],
    [['tapes'], [{ postgres: tapeIn(url) }], 'database'],
    [['replay', 'mode'], mode, knob('replay_mode')],
    [['replay', 'speed'], speed, knob('replay_speed')],
    ...(symbols === undefined ? [] : [[['replay', 'symbols'], symbols, knob('symbols')] satisfies Setting]),
    ...(mode === 'loop' ? [[['replay', 'loopCount'], loopCount, knob('loop_count')] satisfies Setting] : []),
    ...(mode === 'date_range' && range !== undefined
      ? [
          [['replay', 'range', 'from'], range.start_date, [...knob('date_range'), 'start_date']] satisfies Setting,
          [['replay', 'range', 'to'], range.end_date, [...knob('date_range'), 'end_date']] satisfies Setting,
          // Its documents promise to "warn if requested dates are outside the available data range".
          [['replay', 'range', 'outside'], 'clip', knob('date_range')] satisfies Setting,
        ]
      : []),
    // Each bar keeps a minute of its own at any speed and in any pass, so that no stored row replaces another.
    [['replay', 'timestamps'], 'shifted', block],
    // The next row came a minute after the last, at speed 1, whatever lay between: no night is waited through.
    [['replay', 'maxIdle'], '1m', block],
    [['replay', 'atEnd'], 'close', block],
    [['endpoints', 'alpaca'], {}, block],
    [['endpoints', 'recycler', 'path'], path, knob('server_url')],
  ];
}

/** Its table, without the rows that earlier replays have left there; their times are UTC by the columns' naive wall. */
function tapeIn(url: string): object {
  return {
    url,
    timeZone: 'UTC',
    tables: [{ table: 'market_data', columns: { at: 'timestamp' }, timeframe: '1m', where: { data_source: 'alpaca' } }],
  };
}

const pathOf = (url: string | undefined): string => (url === undefined ? '/' : new URL(url).pathname);

interface Advice {
  readonly path: readonly string[];
  readonly message: string;
  readonly wayOut: string;
}

function adviceOn({ mode, recycler }: Websocket): Advice[] {
  const { server_url: url, replay_mode: replayMode, loop_count: loopCount } = recycler;
  const advice: Advice[] = [];
  if (mode === 'alpaca') {
    advice.push({
      path: ['websocket', 'mode'],
      message: 'the old client goes to Alpaca itself and never comes here',
      wayOut: 'set recycler here, or WEBSOCKET_MODE=recycler, for the client too',
    });
  }
  const port = url === undefined ? usualPort : new URL(url).port || (url.startsWith('wss') ? '443' : '80');
  if (port !== usualPort) {
    advice.push({
      path: knob('server_url'),
      message: `the old client looks for it on port ${port}`,
      wayOut: `serve with --port ${port}`,
    });
  }
  if (replayMode !== 'loop' && loopCount > 1) {
    advice.push({
      path: knob('loop_count'),
      message: `counts in replay_mode loop only; ${replayMode} plays once`,
      wayOut: 'remove it, or use loop',
    });
  }
  return advice;
}
