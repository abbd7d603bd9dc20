/** Variables a scenario may use. Always an argument: nothing here reads the process's own environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Interpolation =
  | { readonly kind: 'text'; readonly text: string; readonly changed: boolean }
  | { readonly kind: 'wrong'; readonly message: string; readonly wayOut: string };

const reference = /\$\$\{|\$\{([^}]*)(\}?)/g;
const shape = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** Puts variables into a text: `${NAME}`, or `${NAME:-default}` when it may be unset or empty; `$${` stays `${`. */
export function interpolate(text: string, environment: Environment): Interpolation {
  if (!text.includes('${')) return { kind: 'text', text, changed: false };
  let wrong: Interpolation | undefined;
  const filled = text.replace(reference, (found: string, inner: string | undefined, end: string | undefined) => {
    if (inner === undefined) return '${';
    const [, name, fallback] = shape.exec(inner) ?? [];
    if (name === undefined || end !== '}') {
      wrong ??= {
        kind: 'wrong',
        message: `\`${found}\` names no variable`,
        wayOut: 'write ${NAME}, ${NAME:-default}, or $${ for a plain ${',
      };
      return '';
    }
    const value = environment[name];
    if (value !== undefined && (value !== '' || fallback === undefined)) return value;
    if (fallback !== undefined) return fallback;
    wrong ??= {
      kind: 'wrong',
      message: `the variable ${name} is not set`,
      wayOut: `set it, or write \${${name}:-default}`,
    };
    return '';
  });
  return wrong ?? { kind: 'text', text: filled, changed: true };
}

/** What an unquoted YAML value means once variables are filled in: a number or a truth value when it spells one. */
export function plainValue(text: string): string | number | boolean {
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}
