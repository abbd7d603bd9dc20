import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { signal, useSignalEffect } from '@preact/signals';

const isShown = signal(false);

export function showHelp(): void {
  isShown.value = true;
}

const keys: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['.', 'one event'],
  ['b', 'on to the next bar'],
  ['← →', 'a minute back or on'],
  ['Shift ← →', 'ten minutes back or on'],
  ['↑ ↓', 'faster or slower'],
  ['/', 'filter the tape'],
  ['1 – 7', 'chart, scenario, runs, tape, clients, faults, verdict'],
  ['?', 'this'],
  ['Esc', 'away with it'],
];

/** What the page is, its keys, and whose work is in it. */
export function Help(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (isShown.value) dialog.current?.showModal();
  });
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={() => (isShown.value = false)}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">
        Papertape plays recorded and invented markets to market-data clients, so that they can be tested. Everything you
        see here is fake.
      </p>
      <p class="soft">
        The API behind this page: <a href="/docs">/docs</a>. Charts:{' '}
        <a href="https://www.tradingview.com/" rel="noreferrer noopener" target="_blank">
          TradingView Lightweight Charts™
        </a>
        , Copyright © 2025 TradingView, Inc. <a href="/page/licenses.txt">All licences</a>
      </p>
      <form method="dialog">
        <button class="button primary">Close</button>
      </form>
    </dialog>
  );
}
