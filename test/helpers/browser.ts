import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';
import { findBinary, installPackage } from '../services/find.ts';

const variables = ['PAPERTAPE_CHROMIUM', 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'];
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = ['/Applications/Google Chrome.app/Contents/MacOS', '/Applications/Chromium.app/Contents/MacOS'];
const macNames = ['Google Chrome', 'Chromium'];

/** A Chromium of this machine: one that the environment names, else one on PATH, else a package, else an error that says what to run. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: findChromium(),
    // Chromium has no sandbox for root; in containers /dev/shm is small.
    args: ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

function findChromium(): string {
  const given = variables.map((name) => process.env[name]).find((path) => path !== undefined && path !== '');
  if (given !== undefined) return given;
  const find = (): string | undefined => findBinary([...names, ...macNames], places);
  const found = find() ?? (installPackage('chromium') ? find() : undefined);
  if (found !== undefined) return found;
  throw new Error(
    `Tests of the page need Chromium and found none. Run: ${installCommand()}, or point them at one: ${variables[0]}=/path/to/chromium npm test`,
  );
}

function installCommand(): string {
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  if (process.platform === 'win32') return 'winget install Google.Chrome';
  return existsSync('/etc/debian_version') ? 'sudo apt-get install -y chromium' : 'sudo dnf install -y chromium';
}
