import { EditorView } from '@codemirror/view';
import type { Extension, Transaction } from '@codemirror/state';

/**
 * Takes typed text in before the browser does. Where text replaces a coloured word, browsers wrap it in an element with a style of its
 * own, which the page's policy refuses and the console tells of.
 */
export const plainInput: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType, isComposing } = event;
    if (inputType !== 'insertText' || data === null || isComposing || view.state.readOnly) return false;
    const { from, to } = view.state.selection.main;
    const insert = (): Transaction =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
