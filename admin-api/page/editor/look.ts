import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Extension } from '@codemirror/state';

const ink = (name: string): string => `var(--${name})`;

/** The editor in the colours of the page, whichever theme it shows. */
export const look: Extension = [
  EditorView.theme({
    '&': { height: '100%', color: ink('ink'), backgroundColor: ink('panel'), fontSize: '12.5px' },
    '&.cm-focused': { outline: `2px solid ${ink('focus')}`, outlineOffset: '-2px' },
    '.cm-scroller': { fontFamily: ink('mono'), lineHeight: '1.55', overflow: 'auto' },
    '.cm-content': { caretColor: ink('ink'), padding: '10px 0' },
    '.cm-gutters': { backgroundColor: ink('well'), color: ink('soft'), border: 'none' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: ink('shade') },
    '.cm-cursor': { borderLeftColor: ink('ink') },
    '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
      backgroundColor: 'color-mix(in srgb, var(--amber) 32%, transparent)',
    },
    '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: ink('volume-soft') },
    '.cm-tooltip': {
      border: `1px solid ${ink('edge')}`,
      borderRadius: '5px',
      backgroundColor: ink('panel'),
      color: ink('ink'),
      boxShadow: '0 8px 24px rgb(0 0 0 / 22%)',
    },
    '.cm-tooltip-autocomplete > ul': { fontFamily: ink('mono'), maxHeight: '16em' },
    '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
    '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: ink('amber'), color: ink('on-amber') },
    '.cm-completionInfo': { fontFamily: ink('sans'), maxWidth: '280px', padding: '6px 9px' },
    '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
    '.cm-diagnostic': { fontFamily: ink('sans'), fontSize: '12.5px', padding: '6px 9px', maxWidth: '420px' },
    '.cm-diagnostic-error': { borderLeft: `4px solid ${ink('fall-fill')}` },
    '.cm-diagnostic-warning': { borderLeft: `4px solid ${ink('amber')}` },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: ink('accent'), fontWeight: '600' },
      { tag: tags.comment, color: ink('soft'), fontStyle: 'italic' },
      { tag: [tags.string, tags.content], color: ink('ink') },
      { tag: [tags.number, tags.bool, tags.null, tags.atom], color: ink('rise') },
      { tag: [tags.punctuation, tags.separator, tags.bracket], color: ink('soft') },
    ]),
  ),
];
