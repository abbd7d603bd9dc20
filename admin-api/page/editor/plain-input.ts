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
    const { from, to } = chosenRange(event, view);
    const insert = (): Transaction =>
      view.state.update({
        changes: { from, to, insert: data },
        selection: { anchor: from + data.length },
        userEvent: 'input.type',
        scrollIntoView: true,
      });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

/** The browser's own selection, where it tells: the editor hears of a new one a moment later. */
function chosenRange(event: InputEvent, view: EditorView): { readonly from: number; readonly to: number } {
  const [range] = event.getTargetRanges();
  if (range !== undefined) {
    const from = view.posAtDOM(range.startContainer, range.startOffset);
    return { from, to: view.posAtDOM(range.endContainer, range.endOffset) };
  }
  // Chromium tells of selections in shadow trees there.
  const root: DocumentOrShadowRoot & { readonly getSelection?: () => Selection | null } = view.root;
  const { anchorNode, anchorOffset = 0, focusNode, focusOffset = 0 } = root.getSelection?.() ?? {};
  const isInside = (node: Node | null | undefined): node is Node =>
    node instanceof Node && view.contentDOM.contains(node);
  if (!isInside(anchorNode) || !isInside(focusNode)) return view.state.selection.main;
  const ends = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)];
  return { from: Math.min(...ends), to: Math.max(...ends) };
}
