import {
  createChart,
  HistogramSeries,
  type UTCTimestamp,
  type WhitespaceData,
  type HistogramData,
} from 'lightweight-charts';
import { utc } from './utc.ts';
import { colour } from '../state/theme.ts';

/** What was traded in a stretch of the tape that begins so. Milliseconds since 1970. */
export interface VolumeBar {
  readonly at: number;
  readonly volume: number;
}

/** The volume of a tape across the whole width of a place; nothing in it moves. */
export interface VolumeChart extends Disposable {
  show(bars: readonly VolumeBar[]): void;
  /** After the theme has changed. */
  paint(): void;
}

/** Draws the volume of a tape. Every stretch has the same width, so that places on it can be told in percent. */
export function drawVolume(place: HTMLElement): VolumeChart {
  const chart = createChart(place, {
    autoSize: true,
    layout: { background: { color: 'transparent' }, attributionLogo: false },
    grid: { vertLines: { visible: false }, horzLines: { visible: false } },
    leftPriceScale: { visible: false },
    rightPriceScale: { visible: false, scaleMargins: { top: 0.22, bottom: 0 } },
    timeScale: {
      visible: false,
      fixLeftEdge: true,
      fixRightEdge: true,
      minBarSpacing: 0.001,
      lockVisibleTimeRangeOnResize: true,
    },
    crosshair: { vertLine: { visible: false }, horzLine: { visible: false } },
    handleScroll: false,
    handleScale: false,
  });
  const series = chart.addSeries(HistogramSeries, { priceLineVisible: false, lastValueVisible: false, base: 0 });
  const paint = (): void => series.applyOptions({ color: colour('volume') });
  paint();
  return {
    show(bars) {
      series.setData(
        bars.map(({ at, volume }): HistogramData<UTCTimestamp> | WhitespaceData<UTCTimestamp> =>
          volume > 0 ? { time: utc(at), value: volume } : { time: utc(at) },
        ),
      );
      chart.timeScale().fitContent();
    },
    paint,
    [Symbol.dispose]: () => chart.remove(),
  };
}
