import type { JSX, TargetedSubmitEvent } from 'preact';
import { useComputed, useSignal } from '@preact/signals';
import { api } from '../state/api.ts';
import { choose, playOrPause, run, runs, seek, setSpeed, shiftSpeed, speeds, step, turn } from '../state/run.ts';
import { marketDay, marketTime } from '../state/words.ts';
import { Day } from './day.tsx';
import { Icon } from './icons.tsx';

/** The knobs of the deck, and the time under its needle. */
export function Transport(): JSX.Element {
  return (
    <section class="transport" aria-label="Transport">
      <Needle />
      <Knobs />
      <Speed />
      <GoTo />
      <RunChoice />
      <Day />
    </section>
  );
}

function Needle(): JSX.Element {
  const at = useComputed(() => {
    const { position, from } = run.value ?? {};
    const shown = position ?? from;
    return shown === undefined ? undefined : Date.parse(shown);
  });
  const phase = run.value?.phase ?? 'waiting';
  return (
    <div class="needle">
      <div class="clock" role="timer" aria-label="Market time in New York">
        {at.value === undefined ? '--:--:--.---' : marketTime(at.value)}
      </div>
      <div class="date">
        <span class="phase" data-phase={phase}>
          {phase}
        </span>
        <span class="soft">
          {at.value === undefined ? '' : marketDay(at.value)}
          <span class="zone">, New York</span>
        </span>
      </div>
    </div>
  );
}

function Knobs(): JSX.Element {
  const phase = run.value?.phase;
  const isPlaying = phase === 'playing';
  const cannot = phase === undefined || phase === 'broken';
  return (
    <div class="knobs" role="group" aria-label="Deck">
      <button
        type="button"
        class="button primary play"
        disabled={cannot}
        onClick={() => void playOrPause()}
        title={isPlaying ? 'Pause (space)' : 'Play (space)'}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
        <span>{isPlaying ? 'Pause' : 'Play'}</span>
      </button>
      <button
        type="button"
        class="button"
        disabled={cannot}
        onClick={() => void step('event')}
        title="One event on (.)"
      >
        <Icon name="step" />
        Event
      </button>
      <button
        type="button"
        class="button"
        disabled={cannot}
        onClick={() => void step('bar')}
        title="To the next bar (b)"
      >
        <Icon name="bar" />
        Bar
      </button>
      <button
        type="button"
        class="button"
        disabled={phase === undefined}
        onClick={() => void turn(async (id) => await api.value.resetRun(id))}
        title="Opens the run anew; its clients are sent away"
      >
        <Icon name="reset" />
        Reset
      </button>
    </div>
  );
}

function Speed(): JSX.Element {
  const speed = run.value?.speed ?? 1;
  const isListed = speeds.some((one) => one === speed);
  const tell = (one: number | 'max'): string => (one === 'max' ? 'max' : `${one}×`);
  return (
    <div class="speed" role="group" aria-label="Speed">
      <button
        type="button"
        class="button icon"
        onClick={() => void shiftSpeed(-1)}
        aria-label="Slower"
        title="Slower (↓)"
      >
        −
      </button>
      <select
        class="field"
        aria-label="Speed of the tape"
        value={String(speed)}
        onChange={({ currentTarget: { value } }) => void setSpeed(value === 'max' ? 'max' : Number(value))}
      >
        {isListed ? null : <option value={String(speed)}>{tell(speed)}</option>}
        {speeds.map((one) => (
          <option key={one} value={String(one)}>
            {tell(one)}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button icon"
        onClick={() => void shiftSpeed(1)}
        aria-label="Faster"
        title="Faster (↑)"
      >
        +
      </button>
    </div>
  );
}

function GoTo(): JSX.Element {
  const text = useSignal('');
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (text.value.trim() !== '' && (await seek(text.value.trim()))) text.value = '';
  };
  return (
    <form class="goto" onSubmit={(event) => void submit(event)}>
      <input
        class="field"
        aria-label="Go to a moment of the tape"
        placeholder="09:30, open+5m"
        value={text.value}
        onInput={({ currentTarget }) => (text.value = currentTarget.value)}
      />
      <button class="button">Go</button>
    </form>
  );
}

function RunChoice(): JSX.Element {
  const { value } = run;
  return (
    <div class="choice">
      <label>
        <span class="soft">Run</span>
        <select
          class="field"
          aria-label="Run"
          value={value?.id}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {runs.value.map(({ id }) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <p class="soft" title={value?.description}>
        plays <strong>{value?.scenario ?? '…'}</strong>
        {value === undefined ? '' : `, seed ${value.seed}, pass ${value.pass}`}
      </p>
    </div>
  );
}
