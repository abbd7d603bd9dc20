import type { Nanos } from '../../market/event.ts';
import { isoMillis } from '../../market/nanos.ts';
import { markup, Markup } from './markup.ts';
import { fake, fakeBecause, notice } from './run-facts.ts';
import { style } from './style.ts';

/** Nothing may be fetched, run or sent from the page, whatever a client's message holds. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** A report for people. */
export interface Page {
  readonly title: string;
  readonly outcome: string;
  /** Which look the outcome has. */
  readonly tone: 'pass' | 'warned' | 'fail';
  /** Version of Papertape. */
  readonly version: string;
  readonly body: Markup;
}

/** One file that needs nothing else, in the reader's own light or dark, and says on every screen that its data is fake. */
export function htmlPage({ title, outcome, tone, version, body }: Page): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${outcome}: ${title} – fake market data</title>
<style>${new Markup(style)}</style>
</head>
<body>
<div class="fake" role="note">${fake.toUpperCase()}<small>${fakeBecause}</small></div>
<main>
<header><h1>${title}</h1><strong class="verdict ${tone}">${outcome.toUpperCase()}</strong></header>
${body}
<div class="tape"></div>
<footer>Papertape ${version} · ${notice}</footer>
</main>
</body>
</html>
`.text;
}

/** One fact in the list at the head of a page. */
export const fact = (name: string, value: string | Markup, kind: '' | 'wide' = ''): Markup =>
  markup`<div class="${kind}"><dt>${name}</dt><dd>${value}</dd></div>`;

/** A moment as people read it, to the second. */
export const readable = (at: Nanos): string => `${isoMillis(at).slice(0, 19).replace('T', ' ')} UTC`;
