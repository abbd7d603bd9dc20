import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  tooltips,
} from '@codemirror/view';
import { completeBy } from './completion.ts';
import type { JsonSchema } from './json-schema.ts';
import { look } from './look.ts';
import { plainInput } from './plain-input.ts';

/** Something that is wrong with a scenario, and where. Lines and columns count from 1. */
export interface Flaw {
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface EditorOptions {
  /** A shadow root: there the editor brings its styles as sheets, which the page's policy allows, not as elements, which it does not. */
  readonly root: ShadowRoot;
  readonly schema: () => JsonSchema | undefined;
  readonly check: (text: string) => Promise<readonly Flaw[]>;
  readonly changed: (text: string) => void;
}

/** How long after the last key a scenario is checked, in milliseconds. */
const checkDelay = 350;

/** An editor for scenarios: completion as one types, and what is wrong under the line that says it. */
export function openEditor({ root, schema, check, changed }: EditorOptions): EditorView {
  const parent = document.createElement('div');
  parent.style.height = '100%';
  root.append(parent);
  const lint = linter(
    async ({ state }) => (await check(state.doc.toString())).map((flaw) => diagnosticOf(flaw, state.doc)),
    { delay: checkDelay },
  );
  const state = EditorState.create({
    extensions: [
      lineNumbers(),
      lintGutter(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ override: [completeBy(schema)], icons: false }),
      lint,
      yaml(),
      look,
      plainInput,
      EditorView.lineWrapping,
      tooltips({ position: 'fixed' }),
      EditorView.contentAttributes.of({ 'aria-label': 'Scenario, YAML', tabindex: '0' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
    ],
  });
  return new EditorView({ state, parent, root });
}

function diagnosticOf({ line, column, severity, message }: Flaw, doc: Text): Diagnostic {
  const at = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  const from = Math.min(at.from + Math.max((column ?? 1) - 1, 0), at.to);
  return { from, to: at.to, severity, message };
}
