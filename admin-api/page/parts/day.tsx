import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal, useSignalEffect } from '@preact/signals';
import { drawVolume, type VolumeChart } from '../charts/volume-chart.ts';
import { day, type Mark } from '../state/day.ts';
import { run, seek, shift } from '../state/run.ts';
import { theme } from '../state/theme.ts';
import { marketDay, marketMinute, marketTime } from '../state/words.ts';

const minute = 60_000;

/** The tape drawn with its volume, its planned faults and its needle, which may be moved. */
export function Day(): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<VolumeChart | undefined>(undefined);
  useEffect(() => {
    if (place.current !== null) chart.current = drawVolume(place.current);
    return () => chart.current?.[Symbol.dispose]();
  }, []);
  useSignalEffect(() => chart.current?.show(day.value?.bars ?? []));
  useSignalEffect(() => {
    void theme.value;
    chart.current?.paint();
  });
  return (
    <div class="day">
      <div class="drawn">
        <div ref={place} class="volume" aria-hidden="true" />
        {run.value === undefined ? null : <Rail />}
        <Marks />
        {day.value === undefined ? <p class="reading">Reading the day…</p> : null}
      </div>
      <Hours />
    </div>
  );
}

/** The share of the tape that lies before an instant, in percent. */
function shareOf(at: number): number {
  const { from, to } = bounds();
  return to === from ? 0 : Math.min(Math.max((at - from) / (to - from), 0), 1) * 100;
}

function bounds(): { readonly from: number; readonly to: number } {
  const { value } = day;
  if (value !== undefined) return value;
  return { from: Date.parse(run.value?.from ?? ''), to: Date.parse(run.value?.to ?? '') };
}

/** Where the needle is, and where a pointer or a key would put it. */
function Rail(): JSX.Element {
  const aimed = useSignal<number | undefined>(undefined);
  const isHeld = useSignal(false);
  const { from, to } = bounds();
  const at = Date.parse(run.value?.position ?? run.value?.from ?? '');
  const aim = (event: PointerEvent & { readonly currentTarget: HTMLElement }): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return (aimed.value = from + Math.min(Math.max((event.clientX - left) / width, 0), 1) * (to - from));
  };
  const press = (event: KeyboardEvent): void => {
    const deed = {
      Home: () => seek(new Date(from).toISOString()),
      End: () => seek(new Date(to).toISOString()),
      PageUp: () => shift(30 * minute),
      PageDown: () => shift(-30 * minute),
    }[event.key];
    if (deed === undefined) return;
    event.preventDefault();
    void deed();
  };
  const release = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    if (!isHeld.value) return;
    isHeld.value = false;
    void seek(new Date(aim(event)).toISOString());
  };
  return (
    <div
      class="rail"
      role="slider"
      tabIndex={0}
      aria-label="Place on the tape"
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={at}
      aria-valuetext={`${marketDay(at)}, ${marketTime(at).slice(0, 8)} in New York`}
      onKeyDown={press}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        isHeld.value = true;
        aim(event);
      }}
      onPointerMove={aim}
      onPointerUp={release}
      onPointerCancel={() => (isHeld.value = false)}
      onPointerLeave={() => (aimed.value = undefined)}
    >
      <div class="to-come" style={{ left: `${shareOf(at)}%` }} />
      <div class="at" style={{ left: `${shareOf(at)}%` }} />
      {aimed.value === undefined ? null : (
        <div class="aimed" data-end={shareOf(aimed.value) > 85} style={{ left: `${shareOf(aimed.value)}%` }}>
          <span>{marketTime(aimed.value).slice(0, 8)}</span>
        </div>
      )}
    </div>
  );
}

/** Flags that would stand on each other are one. Percent of the tape. */
const flagWidth = 1.5;

/** The faults that the scenario plans, where they will strike. */
function Marks(): JSX.Element {
  const flags: Mark[][] = [];
  for (const mark of (day.value?.marks ?? []).toSorted((one, other) => one.at - other.at)) {
    const flag = flags.at(-1);
    const isClose = flag?.[0] !== undefined && shareOf(mark.at) - shareOf(flag[0].at) < flagWidth;
    if (isClose) flag.push(mark);
    else flags.push([mark]);
  }
  return (
    <ul class="marks" aria-label="Planned faults">
      {flags.map((flag) => (
        <Flag key={flag.map(({ id }) => id).join(' ')} marks={flag} />
      ))}
    </ul>
  );
}

function Flag({ marks }: { readonly marks: readonly Mark[] }): JSX.Element {
  const at = marks[0]?.at ?? 0;
  const when = (mark: Mark): string => marketTime(mark.at).slice(0, 8);
  const told = marks.map((mark) => `${mark.id} at ${when(mark)}: ${mark.sentence}`).join(' ');
  return (
    <li style={{ left: `${shareOf(at)}%` }}>
      <button type="button" aria-label={`${told} Go there`} onClick={() => void seek(new Date(at).toISOString())}>
        <span class="tip" data-end={shareOf(at) > 60}>
          {marks.map((mark) => (
            <span key={mark.id}>
              <b>{mark.id}</b> {when(mark)}
              <br />
              {mark.sentence}
            </span>
          ))}
        </span>
      </button>
    </li>
  );
}

/** Hours, or days, below the drawn tape. */
function Hours(): JSX.Element {
  const { from, to } = bounds();
  const steps = [1, 5, 15, 30, 60, 120, 240, 1440, 10_080].map((one) => one * minute);
  const step = steps.find((one) => (to - from) / one <= 9) ?? 10_080 * minute;
  const first = Math.ceil(from / step) * step;
  const count = Number.isFinite(first) ? Math.max(Math.ceil((to - first) / step), 0) : 0;
  const ticks = Array.from({ length: Math.min(count, 60) }, (_, index) => first + index * step);
  return (
    <div class="hours" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ left: `${shareOf(at)}%` }}>
          {step >= 1440 * minute ? marketDay(at).slice(5, 11) : marketMinute(at)}
        </span>
      ))}
    </div>
  );
}
