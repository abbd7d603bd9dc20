import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Programs that a block may call besides what every system has. */
const shimmed = ['papertape', 'curl', 'npm', 'npx', 'docker', 'kubectl', 'openssl', 'python'];

const scenario = `name: mine
tapes: [{ synthetic: { symbols: [AAPL], from: "2026-07-01T10:00:00-04:00", to: "2026-07-01T10:01:00-04:00", rate: 5 } }]
`;
const trades = 'ticker,conditions,exchange,id,participant_timestamp,price,size\n';
const flatFile = (symbol: string, at: string): Buffer =>
  gzipSync(`${trades}${symbol},1,1,a,${at}000000001,1,1\n${symbol},1,1,b,${at}000000002,2,1\n`);

/** Files that the documents speak of as their reader's. */
const readersOwn: Readonly<Record<string, string | Uint8Array>> = {
  'my.scenario.yaml': scenario,
  'reset-and-mute.yaml': scenario,
  'bot.js': 'console.log(process.env.PAPERTAPE_URL);\n',
  'bot.py': '',
  'flat.csv.gz': flatFile('X:BTC-USD', '1782912600'),
  'us_stocks_sip/trades_v1/2026/07/2026-07-01.csv.gz': flatFile('AAPL', '1782912600'),
  'us_stocks_sip/trades_v1/2026/07/2026-07-02.csv.gz': flatFile('AAPL', '1782999000'),
  'bars.csv': 'time,open,high,low,close,volume\n2026-07-01 09:30:00,1,2,1,2,10\n',
  'es.csv': 'Day,Time,O,H,L,C,Clock,Symbol\n07/01/2026,,1,2,1,2,09:30,ESU6\n',
  'klines.csv': '1782912600000,1,2,1,2,10\n',
  'config/config.yaml': `websocket:
  mode: recycler
  recycler: { server_url: "ws://localhost:8765", replay_mode: single_pass, replay_speed: 1.0, symbols: [AAPL] }
`,
};

/** A folder for the commands of a document, with the files they speak of and the programs they call. */
export class Scratch implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'papertape-scratch-'));
  /** Where programs are looked for. */
  readonly path: string;

  /** `missing`: files that the commands are to make themselves. */
  constructor(missing: readonly string[] = []) {
    for (const [name, content] of Object.entries(readersOwn)) {
      if (missing.includes(name)) continue;
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), content);
    }
    const programs = join(this.folder, '.programs');
    mkdirSync(programs);
    cpSync('test/snippets/shim.mjs', join(programs, 'shim.mjs'));
    for (const name of shimmed) {
      writeFileSync(
        join(programs, name),
        `#!/bin/sh\nexec '${process.execPath}' '${programs}/shim.mjs' ${name} "$@"\n`,
      );
      chmodSync(join(programs, name), 0o755);
    }
    symlinkSync(process.execPath, join(programs, 'node'));
    symlinkSync(resolve('node_modules'), join(this.folder, 'node_modules'));
    this.path = `${programs}:/usr/bin:/bin`;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
