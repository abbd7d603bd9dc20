// Stands before the programs that the documents call, so that a block runs as it is written, in a scratch folder, without touching what the
// machine has: ports become free ones, what would go on for ever is stopped once it is ready, what needs an engine or a registry is checked
// against the files of this repository instead. Called with the name of the program and its words.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [name = '', ...words] = process.argv.slice(2);
const { SNIPPET_PROGRAM: program = '', SNIPPET_REPOSITORY: repository = '', SNIPPET_URL: url = '' } = process.env;
const { SNIPPET_ADMIN_URL: adminUrl = '', SNIPPET_DATABASE: database = '', SNIPPET_CURL: curl = '' } = process.env;
const inRepository = (file) => existsSync(join(repository, file));
const scripts = () => JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).scripts;
const fail = (message) => {
  console.error(`${[name, ...words].join(' ')}\n${message}`);
  process.exit(1);
};
/** Ends as a program does; `ready` says what it prints when it needs to be stopped. */
async function run(file, its, { ready, good = [0] } = {}) {
  const child = spawn(file, its, { stdio: ['inherit', 'pipe', 'pipe'], env: { ...process.env, PAPERTAPE_PORT: '0' } });
  let said = '';
  let stopped = false;
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.on('data', (text) => {
      out.write(text);
      said += text;
      if (stopped || ready === undefined || !ready.test(said)) return;
      stopped = true;
      child.kill('SIGTERM');
    });
  }
  child.on('close', (code) => {
    if (!good.includes(code)) fail(`ended with ${code}`);
    if (ready !== undefined && !stopped) fail(`never said ${ready}`);
  });
}
/** Words with another value behind an option that is there. */
const withOption = (option, value, its) => {
  const at = its.indexOf(option);
  return at < 0 ? its : its.with(at + 1, value);
};

const programs = {
  papertape: async () => {
    const [command] = words;
    const end = words.includes('--') ? words.indexOf('--') : words.length;
    let own = words.slice(0, end);
    const client = words.slice(end);
    own = withOption('-p', '0', withOption('--port', '0', withOption('--url', database, own)));
    if (own.includes('--admin-port')) own = own.includes('off') ? own : withOption('--admin-port', '0', own);
    const papertape = (its, how) => run(process.execPath, [program, ...its], how);
    if (command === 'serve') return await papertape(own, { ready: /ready for clients/ });
    if (command === 'collect') {
      process.env.PAPERTAPE_URL ??= url;
      const served = own.includes('--service-port') ? own : [...own, '--service-port', '0'];
      return await papertape(served, { ready: /Stop with Ctrl-C/ });
    }
    if (command === 'record') {
      const upstream = withOption('--upstream', url, own);
      return await papertape(own.includes('--port') ? upstream : [...upstream, '--port', '0'], {
        ready: /Stop with Ctrl-C/,
      });
    }
    // Whether the client copes is not asked here; two seconds of it are enough.
    if (command === 'run') {
      const short = withOption('--repeat', '2', withOption('--for', '1s', own));
      return await papertape([...short, ...client], { good: [0, 1] });
    }
    // Takes minutes; that its options exist is what a document can be wrong about.
    if (command === 'certify')
      return await papertape([...own.filter((word) => word !== '--list'), '--list', ...client]);
    if (command === 'tape' && words[1] === 'generate') return await papertape([...own, '--rate', '2']);
    return await papertape(own);
  },
  curl: async () => {
    if (curl === '') fail('curl is not installed: apt-get install curl');
    const its = words.map((word) => {
      return word
        .replace('http://127.0.0.1:8765', url.replace('ws', 'http'))
        .replace('http://127.0.0.1:8766', adminUrl);
    });
    if (its.every((word, index) => word === words[index])) fail('asks nobody that is known here');
    await run(curl, ['--fail-with-body', '--silent', '--show-error', '--max-time', '10', ...its]);
  },
  npm: async () => {
    const [command, script] = words;
    if (command === 'run' && !(script in scripts())) fail(`${script} is no script of package.json`);
    if (!['ci', 'install', 'link', 'run', 'start', 'test'].includes(command))
      fail('not known here; teach test/snippets/shim.mjs');
    if (command === 'install') {
      const [wanted = ''] = words.slice(1).filter((word) => !word.startsWith('-'));
      const { peerDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
      if (wanted !== '' && wanted !== 'papertape' && !(wanted.replace(/@[\d.]+$/, '') in peerDependencies)) {
        fail(`${wanted} is nothing that Papertape works with`);
      }
    }
  },
  npx: async () => {
    const [command, file = ''] = words;
    if (command === 'tsx' && !inRepository(file)) fail(`${file} is not there`);
    if (!['tsx', 'vitest', 'wscat'].includes(command)) fail('not known here; teach test/snippets/shim.mjs');
  },
  docker: async () => {
    const [command] = words;
    if (!['build', 'compose', 'run', 'stop', 'tag', 'push'].includes(command))
      fail('not known here; teach test/snippets/shim.mjs');
    if (command === 'compose' && !inRepository('compose.yaml')) fail('there is no compose.yaml');
    const dockerfile = readFileSync(join(repository, 'Dockerfile'), 'utf8');
    const [, exposed = ''] = /^EXPOSE (.+)$/m.exec(dockerfile) ?? [];
    const known = readFileSync(join(repository, 'README.md'), 'utf8');
    for (const [index, word] of words.entries()) {
      const value = words[index + 1] ?? '';
      if (word === '-p' && !exposed.split(' ').includes(value.split(':').at(-1)))
        fail(`-p ${value}: the image exposes ${exposed}`);
      if (word === '-p' && !value.startsWith('127.0.0.1:')) fail(`-p ${value}: open to everybody`);
      const [variable = ''] = value.split('=');
      if (word === '-e' && !known.includes(`\`${variable}\``)) fail(`-e ${value}: the README knows no such variable`);
    }
  },
  kubectl: async () => {
    const file = words[words.indexOf('-f') + 1] ?? '';
    if (words.includes('-f') && !inRepository(file)) fail(`${file} is not there`);
    if (!['apply', 'create', 'port-forward', 'delete', 'rollout'].includes(words[0]))
      fail('not known here; teach test/snippets/shim.mjs');
  },
  openssl: async () => {
    if (words.join(' ') !== 'rand -hex 24') fail('not known here; teach test/snippets/shim.mjs');
    console.log('00112233445566778899aabbccddeeff0011223344556677');
  },
  python: async () => {
    if (!existsSync(words[0] ?? '')) fail(`${words[0]} is not there`);
  },
};

await programs[name]?.();
