import type { JSX } from 'preact';
import { token } from '../state/api.ts';
import { chosen } from '../state/run.ts';
import { type Standing, standings } from '../state/verdict.ts';
import { Panel } from './panel.tsx';

const signs = { met: '✓', unmet: '✗', open: '…' } as const;
const words = { met: 'met', unmet: 'unmet', open: 'open' } as const;

/** What the scenario expects of its clients, and whether they do it. */
export function VerdictPanel(): JSX.Element {
  const list = standings.value?.standings;
  return (
    <Panel id="verdict" title="Verdict" tools={<Sum list={list ?? []} />}>
      <div class="scroll" tabIndex={0} role="region" aria-label="Expectations">
        {list?.length === 0 ? (
          <p class="nothing">
            This scenario expects nothing of its clients. Add <code class="mono">expect:</code> to it, and its verdict
            turns here.
          </p>
        ) : null}
        <ul class="standings" aria-live="polite">
          {list?.map((one) => (
            <Row key={`${one.id} ${one.outcome}`} standing={one} />
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function Sum({ list }: { readonly list: readonly Standing[] }): JSX.Element | null {
  if (list.length === 0) return null;
  const count = (outcome: Standing['outcome']): number => list.filter((one) => one.outcome === outcome).length;
  const failed = list.some(({ outcome, severity }) => outcome === 'unmet' && severity === 'error');
  const state = failed ? 'unmet' : count('open') > 0 ? 'open' : 'met';
  return (
    <p class="sum" data-state={state}>
      <strong>{{ unmet: 'Failed', open: 'Open', met: 'Passed' }[state]}</strong>
      <span class="soft">
        {count('met')} met, {count('unmet')} unmet, {count('open')} open
      </span>
      {token.value === undefined ? (
        <a href={`/runs/${encodeURIComponent(chosen.value)}/verdict?format=html`} target="_blank" rel="noreferrer">
          Report
        </a>
      ) : null}
    </p>
  );
}

function Row({ standing }: { readonly standing: Standing }): JSX.Element {
  const { id, sentence, outcome, severity, step, seen } = standing;
  return (
    <li data-state={outcome} data-severity={severity}>
      <span class="sign" aria-hidden="true">
        {signs[outcome]}
      </span>
      <div>
        <h3>
          {id} <span class="outcome">{words[outcome]}</span>
          {severity === 'warn' ? <span class="soft"> only warns</span> : null}
        </h3>
        <p>
          {sentence}
          {step === undefined ? '' : `, after ${step}`}
        </p>
        <p class="soft">{seen}</p>
      </div>
    </li>
  );
}
