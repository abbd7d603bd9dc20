import { isoMillis } from '../../market/nanos.ts';
import type { Nanos } from '../../market/event.ts';
import { describeTape, openTape, tapeSchema } from '../../server/index.ts';
import type { AvailabilityView, TapeView } from '../schemas/tape.ts';
import type { ShelvedTape } from '../tape-shelf.ts';

/** A tape as the API tells it. */
export function tapeViewOf({ name, origin, bytes, sidecar }: ShelvedTape): TapeView {
  if (sidecar === undefined) return { name, origin, bytes };
  const { events, symbols, channels, period, origin: source, licence, timeZone, sha256 } = sidecar;
  return {
    name,
    origin,
    bytes,
    rows: events,
    symbols: [...symbols],
    channels: [...channels],
    ...(period === undefined ? {} : { from: millisOf(period.from), to: millisOf(period.to) }),
    source,
    licence,
    timeZone,
    sha256,
  };
}

/** How complete a tape is. Reads all of it. Throws a `TapeError` when it cannot be read, the signal's reason on abort. */
export async function availabilityOf(
  { name, path }: ShelvedTape,
  silence: Nanos,
  signal: AbortSignal,
): Promise<AvailabilityView> {
  await using source = openTape(tapeSchema.parse({ file: path }), { directory: '.', seed: 1 });
  const { holdings } = await source.survey(signal);
  const { events, symbols } = await describeTape(source, signal, { silence });
  const spanOf = ({ from, to }: { readonly from: Nanos; readonly to: Nanos }) => ({
    from: isoMillis(from),
    to: isoMillis(to),
  });
  return {
    name,
    rows: events,
    symbols: symbols.map(({ symbol, market, availability }) => {
      const { days, silences } = availability ?? {};
      return {
        symbol,
        market,
        channels: holdings
          .filter((held) => held.symbol === symbol)
          .map((held) => ({ channel: held.channel, ...spanOf(held), rows: held.events })),
        ...(days === undefined ? {} : { days: { present: days.present, missing: [...days.missing] } }),
        ...(silences === undefined
          ? {}
          : {
              gaps: {
                count: silences.count,
                ...(silences.longest === undefined ? {} : { longest: spanOf(silences.longest) }),
                shown: silences.shown.map(spanOf),
              },
            }),
      };
    }),
  };
}

/** Sidecars tell nanoseconds. */
const millisOf = (iso: string): string => new Date(iso).toISOString();
