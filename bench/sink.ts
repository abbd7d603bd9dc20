import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** sink.c for machines without a C compiler: the same arguments, the same lines, bytes read into one buffer and forgotten. */

const [port = '', clients = '', path] = process.argv.slice(2);
const scripts = path === undefined ? [] : readScripts(readFileSync(path));
const grave = Buffer.alloc(1 << 20);
let [received, expected, last] = [0, Infinity, 0n];

for (let index = 0; index < Number(clients); index++) {
  const script = scripts[index % scripts.length];
  let unanswered = script !== undefined;
  const socket = connect({
    host: '127.0.0.1',
    port: Number(port),
    noDelay: true,
    onread: {
      buffer: grave,
      callback: (bytes) => {
        received += bytes;
        last = process.hrtime.bigint();
        // The answer to the upgrade comes alone: nothing else is sent before the client speaks, but perhaps a greeting.
        if (unanswered && script !== undefined) socket.write(script.talk);
        unanswered = false;
        report();
        return true;
      },
    },
  });
  if (script !== undefined) socket.write(script.upgrade);
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  expected = Number(line.split(' ')[1]);
  report();
});
lines.on('close', () => process.exit());

function report(): void {
  if (received < expected) return;
  const { user, system } = process.cpuUsage();
  process.stdout.write(`done ${last} ${received} ${(user + system) * 1000}\n`);
  expected = Infinity;
}

function readScripts(bytes: Buffer): { readonly upgrade: Buffer; readonly talk: Buffer }[] {
  let at = 4;
  const part = (): Buffer => {
    const start = at + 4;
    at = start + bytes.readUInt32LE(at);
    return bytes.subarray(start, at);
  };
  return Array.from({ length: bytes.readUInt32LE(0) }, () => ({ upgrade: part(), talk: part() }));
}
