import type { Market } from '../../../market/event.ts';
import { ByteWriter, type Heard, type Wire } from '../../exchanges/exchange.ts';
import { type Difference, differences, isObject, kindOf, shown } from './compare.ts';
import { oursOf, ourShapes } from './our-shapes.ts';
import { blankShape, note, type Shape } from './shape.ts';

/** Types of messages, shapes of each, and findings that are remembered. */
const mostTypes = 256;
const mostShapes = 256;
const mostFindings = 64;
/** Messages of a shape that are compared one by one; of those after them every sixteenth. A new shape is always compared. */
const thorough = 1000;
const thereafter = 16;

/** One way in which a vendor's messages differ from what we would send. */
export interface DriftFinding {
  readonly kind: Difference['kind'] | 'unreadable' | 'unknown-type';
  readonly field: string;
  readonly live: string | undefined;
  readonly ours: string | undefined;
  /** Messages it was seen in, of those that were compared. */
  messages: number;
}

/** What was heard of one type of message. */
export interface TypeDrift {
  readonly exchange: string;
  readonly path: string;
  readonly type: string;
  readonly messages: number;
  /** Of those the ones compared in full. */
  readonly compared: number;
  /** Fields as the vendor has them; `values` of texts that are few. */
  readonly fields: readonly {
    readonly name: string;
    readonly live: readonly string[];
    readonly ours: readonly string[];
    readonly always: boolean;
    readonly values: readonly string[] | undefined;
  }[];
  readonly findings: readonly DriftFinding[];
}

export interface DriftReport {
  readonly types: readonly TypeDrift[];
  /** How many findings there are. */
  readonly findings: number;
}

/** A stream whose messages are compared. */
export interface Watched {
  readonly exchange: string;
  readonly path: string;
  readonly markets: readonly Market[];
  readonly wire: Wire;
}

interface Seen {
  readonly on: Watched;
  readonly type: string;
  readonly live: Shape;
  readonly ours: Shape;
  readonly findings: Map<string, DriftFinding>;
  readonly shapes: Map<string, number>;
  compared: number;
}

/** Compares what a vendor sends with what we would send of the same event. */
export class Drift {
  readonly #seen = new Map<string, Seen>();
  readonly #shapes = new Map<string, ReadonlyMap<string, Shape>>();
  readonly #out = new ByteWriter(1024);

  hear(on: Watched, heard: Heard): void {
    // Replies to requests are not compared: what they answer is not known here.
    if (heard.meaning.kind === 'answer') return;
    const seen = this.#seenOf(on, heard.type);
    if (seen === undefined) return;
    if (!isDue(seen, note(seen.live, heard.said))) return;
    seen.compared++;
    for (const { kind, field, live, ours } of this.#findings(seen, heard)) {
      const name = `${kind} ${field}`;
      const known = seen.findings.get(name);
      if (known !== undefined) known.messages++;
      else if (seen.findings.size < mostFindings) seen.findings.set(name, { kind, field, live, ours, messages: 1 });
    }
  }

  get report(): DriftReport {
    const types = [...this.#seen.values()].map((seen): TypeDrift => {
      const { on, type, live, ours, compared } = seen;
      return {
        exchange: on.exchange,
        path: on.path,
        type,
        messages: live.messages,
        compared,
        fields: [...live.fields].map(([name, { kinds, messages, texts }]) => ({
          name,
          live: [...kinds],
          ours: [...(ours.fields.get(name)?.kinds ?? [])],
          always: messages === live.messages,
          values: texts === undefined || texts.size === 0 ? undefined : [...texts].sort(),
        })),
        findings: [...seen.findings.values()],
      };
    });
    return { types, findings: types.reduce((sum, { findings }) => sum + findings.length, 0) };
  }

  #findings(seen: Seen, { said, meaning }: Heard): readonly Omit<DriftFinding, 'messages'>[] {
    switch (meaning.kind) {
      case 'answer':
        return [];
      case 'unknown':
        return [{ kind: 'unknown-type', field: '', live: shown(said), ours: undefined }];
      case 'unreadable':
        return [
          { kind: 'unreadable', field: meaning.why.split(' ')[0] ?? '', live: meaning.why, ours: undefined },
          ...againstShape(said, seen.ours),
        ];
      case 'event': {
        const ours = oursOf(seen.on.wire, meaning.event, this.#out);
        return ours === undefined ? [] : differences(said, ours.said);
      }
    }
  }

  #seenOf(on: Watched, type: string): Seen | undefined {
    const name = `${on.exchange} ${on.path} ${type}`;
    const known = this.#seen.get(name);
    if (known !== undefined || this.#seen.size >= mostTypes) return known;
    const stream = `${on.exchange} ${on.path}`;
    const shapes = this.#shapes.get(stream) ?? ourShapes(on.wire, on.markets);
    this.#shapes.set(stream, shapes);
    const seen: Seen = {
      on,
      type,
      live: blankShape(),
      ours: shapes.get(type) ?? blankShape(),
      findings: new Map(),
      shapes: new Map(),
      compared: 0,
    };
    this.#seen.set(name, seen);
    return seen;
  }
}

/** Whether a message of this shape is to be compared: always when it is a shape not seen yet. */
function isDue({ shapes }: Seen, shape: string): boolean {
  const times = (shapes.get(shape) ?? 0) + 1;
  if (times > 1 || shapes.size < mostShapes) shapes.set(shape, times);
  return times <= thorough || times % thereafter === 0;
}

/** How a message that cannot be read differs from what messages of its type look like here. */
function againstShape(said: unknown, ours: Shape): readonly Omit<DriftFinding, 'messages'>[] {
  if (!isObject(said) || ours.messages === 0) return [];
  const live = Object.entries(said).flatMap(([name, value]): Omit<DriftFinding, 'messages'>[] => {
    const kinds = ours.fields.get(name)?.kinds;
    const told = `${kindOf(value)} ${shown(value)}`;
    if (kinds === undefined) return [{ kind: 'new-field', field: name, live: told, ours: undefined }];
    return kinds.has(kindOf(value)) ? [] : [{ kind: 'type', field: name, live: told, ours: [...kinds].join(' or ') }];
  });
  const missing = [...ours.fields]
    .filter(([name, { messages }]) => messages === ours.messages && said[name] === undefined)
    .map(([field, { kinds }]) => ({
      kind: 'missing-field' as const,
      field,
      live: undefined,
      ours: [...kinds].join(' or '),
    }));
  return [...live, ...missing];
}
