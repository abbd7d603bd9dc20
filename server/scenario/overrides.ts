import type { Environment } from './interpolate.ts';
import { plainValue } from './interpolate.ts';
import { branch, overlay, type Tree } from './tree.ts';

/** A variable that speaks over the file: its name, the place in the scenario, and how its text is read. */
export interface Override {
  readonly variable: string;
  readonly path: readonly string[];
  readonly reads: 'text' | 'number' | 'list';
  readonly example: string;
}

/** The environment's say over any scenario, where a file is a burden. An empty variable counts as unset. */
export const overrides: readonly Override[] = [
  { variable: 'PAPERTAPE_SEED', path: ['seed'], reads: 'number', example: '7' },
  { variable: 'PAPERTAPE_MODE', path: ['replay', 'mode'], reads: 'text', example: 'single_pass' },
  { variable: 'PAPERTAPE_LOOP_COUNT', path: ['replay', 'loopCount'], reads: 'number', example: '3' },
  {
    variable: 'PAPERTAPE_FROM',
    path: ['replay', 'range', 'from'],
    reads: 'text',
    example: '2025-04-01T09:30:00-04:00',
  },
  { variable: 'PAPERTAPE_TO', path: ['replay', 'range', 'to'], reads: 'text', example: '2025-04-01' },
  { variable: 'PAPERTAPE_OUTSIDE', path: ['replay', 'range', 'outside'], reads: 'text', example: 'clip' },
  { variable: 'PAPERTAPE_SYMBOLS', path: ['replay', 'symbols'], reads: 'list', example: 'AAPL,BTC/USD' },
  { variable: 'PAPERTAPE_AT_END', path: ['replay', 'atEnd'], reads: 'text', example: 'close' },
  { variable: 'PAPERTAPE_SPEED', path: ['replay', 'speed'], reads: 'number', example: '10 or max' },
  { variable: 'PAPERTAPE_PACING', path: ['replay', 'pacing'], reads: 'text', example: 'precise' },
  { variable: 'PAPERTAPE_START_ON', path: ['replay', 'startOn'], reads: 'text', example: 'connected' },
  { variable: 'PAPERTAPE_START_AT', path: ['replay', 'startAt'], reads: 'text', example: '2025-04-01T09:30:00-04:00' },
  { variable: 'PAPERTAPE_TIMESTAMPS', path: ['replay', 'timestamps'], reads: 'text', example: 'shifted' },
  { variable: 'PAPERTAPE_MAX_IDLE', path: ['replay', 'maxIdle'], reads: 'text', example: '2s' },
  { variable: 'PAPERTAPE_BACKPRESSURE', path: ['replay', 'backpressure'], reads: 'text', example: 'drop' },
  { variable: 'PAPERTAPE_FRAME_WINDOW', path: ['replay', 'frameWindow'], reads: 'text', example: '5ms' },
];

/** Lays what the environment says over the scenario; each value remembers its variable, so that errors name it. */
export function override(tree: Tree, environment: Environment, by: readonly Override[] = overrides): Tree {
  return by.reduce((under, { variable, path, reads }) => {
    const text = environment[variable];
    if (text === undefined || text.trim() === '') return under;
    return overlay(under, branch(path, read[reads](text.trim()), { variable }));
  }, tree);
}

const read: Readonly<Record<Override['reads'], (text: string) => unknown>> = {
  text: (text) => text,
  number: plainValue,
  list: (text) => text.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()])),
};
