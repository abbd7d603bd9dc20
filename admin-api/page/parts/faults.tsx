import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import type { FaultKind, LiveFaultView } from '../../sdk/index.ts';
import { tell } from '../state/api.ts';
import { sessions } from '../state/clients.ts';
import { aimedAt, faultKinds, inject, lasting, lift, liveFaults } from '../state/faults.ts';
import { many, wallTime } from '../state/words.ts';
import { Icon } from './icons.tsx';
import { Panel } from './panel.tsx';

const spans = ['5s', '10s', '30s', '1m', '5m'] as const;

/** What goes wrong, and one click for everything that can. */
export function Faults(): JSX.Element {
  const filter = useSignal('');
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = faultKinds.value.filter(({ name, title, description }) => {
    const text = `${name} ${title} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const live = liveFaults.value.filter(({ over }) => !over);
  return (
    <Panel id="faults" title="Faults" count={live.length === 0 ? 'none live' : `${live.length} live`}>
      <div class="bar">
        <input
          class="field grow"
          type="search"
          placeholder="Find a fault"
          aria-label="Find a fault"
          value={filter.value}
          onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
        />
        <select
          class="field"
          aria-label="How long it lasts"
          title="How long it lasts"
          value={lasting.value}
          onChange={({ currentTarget }) => (lasting.value = currentTarget.value)}
        >
          {spans.map((span) => (
            <option key={span} value={span}>
              {span}
            </option>
          ))}
        </select>
        <select
          class="field"
          aria-label="Whom it strikes"
          title="Whom it strikes"
          value={aimedAt.value === undefined ? '' : String(aimedAt.value)}
          onChange={({ currentTarget: { value } }) => (aimedAt.value = value === '' ? undefined : Number(value))}
        >
          <option value="">all</option>
          {sessions.value.map(({ session }) => (
            <option key={session} value={String(session)}>
              #{session}
            </option>
          ))}
        </select>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Faults, live ones first">
        {live.length === 0 ? null : (
          <ul class="live-faults" aria-label="Live faults">
            {live.map((one) => (
              <LiveFault key={`${one.id} ${one.since}`} fault={one} />
            ))}
          </ul>
        )}
        <ul class="kinds" aria-label="Faults to inject">
          {found.map((kind) => (
            <Kind key={kind.name} kind={kind} />
          ))}
        </ul>
        {faultKinds.value.length > 0 && found.length === 0 ? <p class="nothing">No fault is called that.</p> : null}
      </div>
    </Panel>
  );
}

function LiveFault({ fault }: { readonly fault: LiveFaultView }): JSX.Element {
  const { id, sentence, until, strikes, byHand } = fault;
  return (
    <li>
      <div>
        <p>{sentence}</p>
        <p class="soft">
          {id}
          {byHand ? ', by hand' : ''}, {many(strikes, 'strike')}
          {until === undefined ? '' : `, until ${wallTime(Date.parse(until))}`}
        </p>
      </div>
      <button type="button" class="button" onClick={() => void lift(fault)} aria-label={`Lift ${id}`}>
        Lift
      </button>
    </li>
  );
}

function Kind({ kind }: { readonly kind: FaultKind }): JSX.Element {
  const { title, description, explanation, example } = kind;
  const open = useSignal(false);
  const options = useSignal(JSON.stringify(example, undefined, 1));
  const id = `fault-${kind.name}`;
  const set = async (): Promise<void> => {
    try {
      await inject(kind, JSON.parse(options.value));
    } catch {
      tell('failed', `The options of ${title} are no JSON.`);
    }
  };
  return (
    <li>
      <div class="kind">
        <button
          type="button"
          class="button inject"
          onClick={() => void set()}
          aria-label={`Inject: ${title}`}
          aria-describedby={id}
        >
          <Icon name="bolt" />
        </button>
        <div class="told">
          <h3>{title}</h3>
          <p id={id} class="soft">
            {open.value ? description : explanation}
          </p>
        </div>
        <button
          type="button"
          class="button bare"
          aria-expanded={open.value}
          aria-label={`Options of ${title}`}
          onClick={() => (open.value = !open.value)}
        >
          {open.value ? '▴' : '▾'}
        </button>
      </div>
      {open.value ? (
        <label class="options">
          <span class="soft">Options, as a scenario spells them in JSON. As they stand: {explanation}.</span>
          <textarea
            class="field mono"
            rows={Math.min(options.value.split('\n').length, 8)}
            spellcheck={false}
            value={options.value}
            onInput={({ currentTarget }) => (options.value = currentTarget.value)}
          />
        </label>
      ) : null}
    </li>
  );
}
