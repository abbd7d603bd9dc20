/** Text between tags or in a quoted attribute, in HTML and in XML; what XML cannot hold at all becomes a replacement character. */
export function escaped(text: string): string {
  return text
    .replace(unspeakable, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Characters outside of XML 1.0 (section 2.2, Char): controls, halves of surrogate pairs, and two that are none. */
const unspeakable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Markup whose inserted values are escaped, unless they are markup themselves. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Insert = string | number | Markup | readonly Markup[];

/** Builds markup; whatever is inserted into it is escaped. */
export function markup(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + spelt(inserts[at - 1] ?? '') + part));
}

function spelt(insert: Insert): string {
  if (insert instanceof Markup) return insert.text;
  if (typeof insert === 'string' || typeof insert === 'number') return escaped(String(insert));
  return insert.map(({ text }) => text).join('');
}
