import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureClientHearing } from './client-hearing.ts';
import { measureClientStore } from './client-store.ts';
import { measureClientCache } from './client-cache.ts';
import { measureClientEndToEnd } from './client-end-to-end.ts';
import { measureDrift } from './drift.ts';
import { measureFileReading } from './file-reading.ts';
import { fanOutLanes, measureFanOut } from './fan-out.ts';
import { measureFootprint } from './footprint.ts';
import { measureMemory } from './memory.ts';
import { measurePacing } from './pacing.ts';
import { prepare } from './pit.ts';
import { measurePostgresReading } from './postgres-reading.ts';
import { measureRestHistory } from './rest-history.ts';
import { findingsTable, samplesTable, verdict } from './report.ts';
import { hearTruth } from './truth.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '1,2,3,4,5,6,1p,2p,4p,1t,2t,4t,7,8,9,10,11,13,14,15,17,18,19' },
    quick: { type: 'boolean', default: false },
    'skip-truth': { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    netns: { type: 'boolean', default: false },
  },
});
if (values.netns) inPrivateNetwork();

const rows = new Set(values.rows.split(',').map((row) => row.trim()));
const rounds = values.quick ? 2 : Number(values.rounds);
const scale = values.quick ? 0.25 : 1;
const flags = values.profile ? ['--cpu-prof', '--cpu-prof-dir=.bench/profiles'] : [];
const { sink, pinned } = prepare();
console.log(surroundings());

let wrong = 0;
for (const lane of values['skip-truth'] ? [] : fanOutLanes(rows, scale)) {
  if (lane.contender === 'raw') continue;
  const testimony = await hearTruth(lane);
  wrong += testimony.wrong.length;
  const verdictOnIt =
    testimony.wrong.length === 0 ? 'all as on the tape, in order' : testimony.wrong.slice(0, 3).join('; ');
  console.log(`truth: ${lane.name}: ${testimony.events} events in ${testimony.frames} frames: ${verdictOnIt}`);
}

const { findings, samples } = await measureFanOut(rows, rounds, scale, flags);
if (rows.has('7')) findings.push(...(await measurePacing(rounds, flags)));
if (rows.has('8')) findings.push(...(await measureDrift()));
if (rows.has('9')) findings.push(...(await measurePostgresReading(rounds, scale)));
if (rows.has('10')) findings.push(...(await measureFileReading(rounds, scale)));
if (rows.has('11')) findings.push(...(await measureClientHearing(rounds, scale, flags)));
if (rows.has('12')) findings.push(...(await measureClientStore(rounds, scale)));
if (rows.has('13')) findings.push(...(await measureClientEndToEnd(rounds, scale, flags)));
if (rows.has('15')) findings.push(...(await measureMemory(rounds, scale)));
if (rows.has('17')) findings.push(...(await measureClientCache(rounds, scale)));
if (rows.has('18')) findings.push(...(await measureRestHistory(rounds, scale, flags)));
if (rows.has('19')) findings.push(...(await measureFootprint(rounds)));
process.stderr.write('\n');
if (samples.size > 0) console.log(`\n${samplesTable(samples)}`);
console.log(`\n${findingsTable(findings)}`);
process.exitCode = wrong > 0 || findings.some((finding) => verdict(finding) === 'MISSED') ? 1 : 0;

function surroundings(): string {
  const congestion = read('/proc/sys/net/ipv4/tcp_congestion_control');
  return (
    `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${rounds} rounds; ` +
    `${pinned ? 'server and receiver pinned to a processor each' : 'processes not pinned: no taskset'}; ` +
    `receiver for speed in ${sink}; congestion control ${congestion}` +
    (congestion === 'bbr' ? ' (paces loopback: trust the CPU figures, or use --netns)' : '')
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

/** Runs the same bench again where nobody else sends and the kernel does not pace: a network namespace with reno. */
function inPrivateNetwork(): never {
  const others = process.argv.slice(1).filter((argument) => argument !== '--netns');
  const { status } = spawnSync(
    'unshare',
    [
      '--net',
      'sh',
      '-c',
      'ip link set lo up && echo reno > /proc/sys/net/ipv4/tcp_congestion_control && exec "$@"',
      'sh',
      process.execPath,
      ...process.execArgv,
      ...others,
    ],
    { stdio: 'inherit' },
  );
  process.exit(status ?? 1);
}
