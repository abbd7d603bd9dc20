import type { JSX, TargetedSubmitEvent } from 'preact';
import { useSignal } from '@preact/signals';
import type { RunView } from '../../sdk/index.ts';
import { api, attempt } from '../state/api.ts';
import { choose, chosen, open as openRun, readRuns, run, runs } from '../state/run.ts';
import { many, marketTime } from '../state/words.ts';
import { Copy } from './copy.tsx';

/** All runs, opening one more, and how clients find the one that is shown. */
export function Runs(): JSX.Element {
  return (
    <div class="scroll runs" tabIndex={0} role="region" aria-label="Runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Plays</th>
            <th scope="col">State</th>
            <th scope="col">At</th>
            <th scope="col" class="number">
              Clients
            </th>
            <th scope="col">
              <span class="unseen">What to do with it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.value.map((one) => (
            <Row key={one.id} view={one} />
          ))}
        </tbody>
      </table>
      <NewRunForm />
      {run.value === undefined ? null : <Reach view={run.value} />}
    </div>
  );
}

function Row({ view }: { readonly view: RunView }): JSX.Element {
  const { id, scenario, phase, position, sessions } = view;
  const stop = async (): Promise<void> => {
    await attempt(async () => await api.value.stopRun(id));
    if (chosen.value === id) choose('default');
    await attempt(readRuns);
  };
  return (
    <tr aria-current={id === chosen.value ? 'true' : undefined}>
      <th scope="row">{id}</th>
      <td>{scenario}</td>
      <td>
        <span class="phase" data-phase={phase}>
          {phase}
        </span>
      </td>
      <td class="mono">{position === undefined ? '–' : marketTime(Date.parse(position)).slice(0, 8)}</td>
      <td class="number">{sessions}</td>
      <td class="deeds">
        {id === chosen.value ? (
          <span class="soft">shown</span>
        ) : (
          <button type="button" class="button" onClick={() => choose(id)} aria-label={`Show run ${id}`}>
            Show
          </button>
        )}
        {id === 'default' ? null : (
          <button type="button" class="button" onClick={() => void stop()} aria-label={`Stop run ${id}`}>
            Stop
          </button>
        )}
      </td>
    </tr>
  );
}

function NewRunForm(): JSX.Element {
  const scenario = useSignal('default');
  const id = useSignal('');
  const open = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const isOpen = await openRun({ scenario: scenario.value, ...(id.value === '' ? {} : { id: id.value }) });
    if (isOpen) id.value = '';
  };
  return (
    <form class="line" onSubmit={(event) => void open(event)}>
      <label>
        <span>Open a run of</span>
        <ScenarioName value={scenario.value} changed={(value) => (scenario.value = value)} />
      </label>
      <label>
        <span>as</span>
        <input
          class="field"
          value={id.value}
          placeholder="made up"
          aria-label="Name of the new run"
          pattern="[A-Za-z0-9][A-Za-z0-9_\-]{0,63}"
          title="Up to 64 letters, digits, - and _"
          onInput={({ currentTarget }) => (id.value = currentTarget.value)}
        />
      </label>
      <button class="button primary">Open</button>
    </form>
  );
}

function ScenarioName({
  value,
  changed,
}: {
  readonly value: string;
  readonly changed: (value: string) => void;
}): JSX.Element {
  return (
    <input
      class="field"
      value={value}
      required
      aria-label="Scenario of the new run"
      onInput={({ currentTarget }) => changed(currentTarget.value)}
    />
  );
}

/** How clients find a run. */
function Reach({ view }: { readonly view: RunView }): JSX.Element {
  const env = Object.entries(view.env)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
  return (
    <section class="reach" aria-labelledby="reach-title">
      <h3 id="reach-title">
        Clients find <em>{view.id}</em> with
      </h3>
      <dl>
        <Fact name="Key" text={view.key} />
        <Fact name="Secret" text={view.secret} />
        {Object.entries(view.streams).map(([path, url]) => (
          <Fact key={path} name={path} text={url} />
        ))}
      </dl>
      <p class="line">
        <Copy
          text={env}
          what="the environment lines"
          words={`Copy ${many(Object.keys(view.env).length, 'environment line')}`}
        />
        <span class="soft">SDKs that are started with them find this run unchanged.</span>
      </p>
    </section>
  );
}

function Fact({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code class="mono">{text}</code>
        <Copy text={text} what={name} />
      </dd>
    </div>
  );
}
