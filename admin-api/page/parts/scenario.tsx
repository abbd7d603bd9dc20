import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal, useSignalEffect } from '@preact/signals';
import type { EditorView } from '@codemirror/view';
import { attempt } from '../state/api.ts';
import {
  check,
  explain,
  flaws,
  meaning,
  name,
  open,
  play,
  readShelf,
  remove,
  save,
  schema,
  shelf,
  text,
} from '../state/scenario.ts';
import { many } from '../state/words.ts';

/** The scenarios there are, and an editor for them. */
export function Scenario(): JSX.Element {
  useEffect(() => {
    void attempt(readShelf);
    void open(name.value);
  }, []);
  return (
    <>
      <Tools />
      <Editor />
      <Findings />
    </>
  );
}

function Tools(): JSX.Element {
  const known = shelf.value.find((one) => one.name === name.value);
  const groups = [
    ['Ready', shelf.value.filter(({ origin }) => origin === 'ready')],
    ['Uploaded', shelf.value.filter(({ origin }) => origin === 'uploaded')],
  ] as const;
  const isBroken = flaws.value?.some(({ severity }) => severity === 'error') === true;
  return (
    <div class="bar wrap">
      <select
        class="field"
        aria-label="Scenario to open in the editor"
        value={known?.name ?? ''}
        onChange={({ currentTarget }) => void open(currentTarget.value)}
      >
        {known === undefined ? <option value="">new</option> : null}
        {groups.map(([title, list]) =>
          list.length === 0 ? null : (
            <optgroup key={title} label={title}>
              {list.map((one) => (
                <option key={one.name} value={one.name} title={one.teaches ?? one.description}>
                  {one.name}
                </option>
              ))}
            </optgroup>
          ),
        )}
      </select>
      <button type="button" class="button primary" disabled={isBroken} onClick={() => void play()}>
        Open a run of it
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={meaning.value !== undefined}
        disabled={isBroken}
        onClick={() => void explain()}
      >
        Explain
      </button>
      <span class="push" />
      <input
        class="field"
        aria-label="Name to save it under"
        value={name.value}
        size={16}
        onInput={({ currentTarget }) => (name.value = currentTarget.value)}
      />
      <button
        type="button"
        class="button"
        disabled={known?.origin === 'ready'}
        onClick={() => void save()}
        title={known?.origin === 'ready' ? 'Ready scenarios stay as they are; give it another name' : undefined}
      >
        Save
      </button>
      <button type="button" class="button" disabled={known?.origin !== 'uploaded'} onClick={() => void remove()}>
        Delete
      </button>
    </div>
  );
}

/** The editor is loaded when it is first looked at. */
function Editor(): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const view = useSignal<EditorView | undefined>(undefined);
  useEffect(() => {
    let isGone = false;
    const load = async (): Promise<void> => {
      const { openEditor } = await import('../editor/editor.ts');
      if (isGone || host.current === null) return;
      const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
      view.value = openEditor({
        root,
        schema: () => schema.value,
        check,
        changed: (written) => {
          text.value = written;
          flaws.value = undefined;
        },
      });
    };
    void attempt(load);
    return () => {
      isGone = true;
      view.peek()?.destroy();
    };
  }, []);
  useSignalEffect(() => {
    const [editor, wanted] = [view.value, text.value];
    if (editor === undefined || editor.state.doc.toString() === wanted) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: wanted }, selection: { anchor: 0 } });
  });
  return <div ref={host} class="editor" />;
}

function Findings(): JSX.Element {
  const found = flaws.value;
  const [first] = found ?? [];
  const errors = found?.filter(({ severity }) => severity === 'error').length ?? 0;
  return (
    <div class="findings">
      <p role="status" data-state={found === undefined ? 'open' : errors > 0 ? 'unmet' : 'met'}>
        {found === undefined
          ? 'Checking…'
          : first === undefined
            ? 'Valid: it can be played.'
            : `${errors > 0 ? many(errors, 'problem') : 'Valid'}. Line ${first.line ?? 1}: ${first.message}`}
      </p>
      {meaning.value === undefined ? null : (
        <pre tabIndex={0} aria-label="What the scenario means">
          {meaning.value}
        </pre>
      )}
    </div>
  );
}
