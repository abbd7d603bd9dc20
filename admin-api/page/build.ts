import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

// Bundles the page into a folder, dist/page when none is given. Scripts, styles and the icon get names that change with what they hold.
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const folder = resolve(process.argv[2] ?? join(root, 'dist/page'));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['papertape.tsx', 'papertape.css', 'papertape.svg'].map((name) => join(here, name)),
  outdir: folder,
  bundle: true,
  splitting: true,
  minify: true,
  metafile: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome110', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  loader: { '.svg': 'copy' },
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  logLevel: 'warning',
});
writeFileSync(join(folder, 'index.html'), indexOf(metafile));
writeFileSync(join(folder, 'licenses.txt'), licensesOf(metafile));

/** index.html, with the names that the files were given. */
function indexOf({ outputs }: Metafile): string {
  return Object.keys(outputs).reduce(
    (text, path) => {
      const [, name, extension] = /^(papertape)-\w+(\.\w+)$/.exec(basename(path)) ?? [];
      return name === undefined ? text : text.replaceAll(`/page/${name}${extension}`, `/page/${basename(path)}`);
    },
    readFileSync(join(here, 'index.html'), 'utf8'),
  );
}

/** The notice, and the licence of every package that is part of the bundle. */
function licensesOf({ inputs }: Metafile): string {
  const packages = Object.keys(inputs).flatMap(
    (path) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  const texts = [...new Set(packages)].toSorted().map((name) => {
    const file = join(root, 'node_modules', name, 'LICENSE');
    // fancy-canvas comes without the text of its licence.
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'MIT License';
    return `${name}\n${'='.repeat(name.length)}\n\n${text}\n`;
  });
  return [readFileSync(join(root, 'NOTICE'), 'utf8'), ...texts].join('\n\n');
}
