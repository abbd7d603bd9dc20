/** One element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All text directly in it. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const token = /<([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w-]*="[^"<]*")*)\s*(\/?)>|<\/([A-Za-z][\w-]*)>|([^<]+)/gy;

/** Reads a document as strictly as XML asks of whom writes one. Throws at the first thing that is not well-formed. */
export function readXml(document: string): XmlElement {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(head)) throw new SyntaxError('no XML declaration');
  const body = document.slice(head.length).trim();
  const forbidden = /[^\t\n\r -\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(body);
  if (forbidden !== null) throw new SyntaxError(`a character XML cannot hold at ${forbidden.index}`);
  const top: { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string } = {
    name: '',
    attributes: {},
    children: [],
    text: '',
  };
  const open = [top];
  let read = 0;
  for (const [whole, start, attributes = '', isEmpty, end, text] of body.matchAll(token)) {
    read += whole.length;
    const here = open.at(-1) ?? top;
    if (start !== undefined) {
      const element = { name: start, attributes: attributesOf(attributes), children: [], text: '' };
      here.children.push(element);
      if (isEmpty === '') open.push(element);
    } else if (end !== undefined) {
      if (end !== here.name) throw new SyntaxError(`</${end}> ends <${here.name}>`);
      open.pop();
    } else here.text += unescaped(text ?? '');
  }
  if (read !== body.length) throw new SyntaxError(`not well-formed: ${body.slice(read, read + 60)}`);
  const [root, ...others] = top.children;
  if (root === undefined || others.length > 0 || open.length > 1) throw new SyntaxError('not one element that ends');
  return root;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, unescaped(value)] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new SyntaxError(`an attribute twice: ${text}`);
  return Object.fromEntries(pairs);
}

function unescaped(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const letter = entities[name];
    if (letter === undefined || !whole.endsWith(';')) throw new SyntaxError(`${whole} is no entity`);
    return letter;
  });
}
