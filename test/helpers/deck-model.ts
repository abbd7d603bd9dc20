import * as fc from 'fast-check';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Speed } from '../../server/deck/deck-options.ts';
import type { DeckRig } from './deck-rig.ts';

/** What an operator may do to a deck, and the passing of time. */
export type DeckCommand =
  | { readonly do: 'play' | 'pause' }
  | { readonly do: 'advance'; readonly by: Nanos }
  | { readonly do: 'speed'; readonly speed: Speed }
  | { readonly do: 'seek'; readonly at: Nanos }
  | { readonly do: 'step'; readonly what: 'event' | 'bar' };

/** Commands in any order; `at` of a seek lies anywhere from before the first event to after the last. */
export function deckCommands(from: Nanos, span: Nanos): fc.Arbitrary<DeckCommand[]> {
  const speed: fc.Arbitrary<Speed> = fc.oneof(
    fc.constantFrom<Speed>('max', 0.1, 1, 1000),
    fc.integer({ min: 100, max: 1_000_000 }).map((thousandths) => thousandths / 1000),
  );
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.bigInt(0n, span / 2n).map((by): DeckCommand => ({ do: 'advance', by })) },
      { weight: 3, arbitrary: fc.constant<DeckCommand>({ do: 'play' }) },
      { weight: 2, arbitrary: fc.constant<DeckCommand>({ do: 'pause' }) },
      { weight: 2, arbitrary: speed.map((pace): DeckCommand => ({ do: 'speed', speed: pace })) },
      { weight: 1, arbitrary: fc.bigInt(from - 10n, from + span).map((at): DeckCommand => ({ do: 'seek', at })) },
      { weight: 2, arbitrary: fc.constantFrom('event', 'bar').map((what): DeckCommand => ({ do: 'step', what })) },
    ),
    { maxLength: 25 },
  );
}

/** Gives a command to the deck; `settled` also lets the deck answer before the next one. */
export async function obey({ clock, deck }: DeckRig, command: DeckCommand, settled: boolean): Promise<void> {
  switch (command.do) {
    case 'play':
      deck.play();
      break;
    case 'pause':
      deck.pause();
      break;
    case 'speed':
      deck.setSpeed(command.speed);
      break;
    case 'seek':
      deck.seek(command.at);
      break;
    case 'step':
      deck.step(command.what);
      break;
    case 'advance':
      return clock.advance(command.by);
  }
  if (settled) await clock.advance(0n);
}

/** Where the needle was put by a seek, in the order of what was played. */
export interface Seek {
  /** Events played before it. */
  readonly after: number;
  readonly at: Nanos;
}

/** The places of events as they must follow each other: on from every seek, and over from the start after the last event. */
export function expectedPlaces(events: readonly MarketEvent[], seeks: readonly Seek[], count: number): number[] {
  const places: number[] = [];
  let next = 0;
  let pending = 0;
  while (places.length < count) {
    for (let seek = seeks[pending]; seek !== undefined && seek.after <= places.length; seek = seeks[++pending]) {
      const { at } = seek;
      const found = events.findIndex((event) => event.at >= at);
      next = found < 0 ? events.length : found;
    }
    if (next >= events.length) next = 0;
    places.push(next++);
  }
  return places;
}
