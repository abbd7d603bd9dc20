import {
  CandlestickSeries,
  createChart,
  createTextWatermark,
  CrosshairMode,
  HistogramSeries,
  type Time,
} from 'lightweight-charts';
import { colour } from '../state/theme.ts';
import { millisOf, utc } from './utc.ts';
import { marketDay, marketMinute } from '../state/words.ts';

/** A bar as the chart draws it. `at`: its beginning, in milliseconds since 1970. */
export interface PriceBar {
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Bars of one symbol, to be scrolled and zoomed. */
export interface PriceChart extends Disposable {
  /** Draws bars instead of those before, which were another symbol's. */
  show(bars: readonly PriceBar[]): void;
  /** Draws bars that have come, or have changed, at the end; the view follows them. */
  follow(bars: readonly PriceBar[]): void;
  /** After the theme has changed. */
  paint(): void;
}

/** Draws the price of a symbol, in the time of New York and marked as fake. */
export function drawPrice(place: HTMLElement): PriceChart {
  const chart = createChart(place, {
    autoSize: true,
    layout: { background: { color: 'transparent' }, attributionLogo: false, fontSize: 11 },
    localization: { timeFormatter: (time: Time) => `${marketDay(millisOf(time))}  ${marketMinute(millisOf(time))}` },
    rightPriceScale: { scaleMargins: { top: 0.12, bottom: 0.24 }, minimumWidth: 64 },
    timeScale: {
      timeVisible: true,
      rightOffset: 4,
      barSpacing: 7,
      tickMarkFormatter: (time: Time) => marketMinute(millisOf(time)),
    },
    crosshair: { mode: CrosshairMode.Normal },
  });
  const candles = chart.addSeries(CandlestickSeries, { borderVisible: false });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: '',
    priceFormat: { type: 'volume' },
    priceLineVisible: false,
    lastValueVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  const [pane] = chart.panes();
  const watermark = pane && createTextWatermark(pane, { horzAlign: 'center', vertAlign: 'center' });

  const draw = (bar: PriceBar) => ({
    time: utc(bar.at),
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
  });
  const pile = (bar: PriceBar) => ({ time: utc(bar.at), value: bar.volume, color: colour('volume-soft') });
  const paint = (): void => {
    const [line, soft] = [colour('line'), colour('soft')];
    chart.applyOptions({
      layout: { textColor: soft, fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { vertLines: { color: colour('well') }, horzLines: { color: colour('well') } },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line },
    });
    const [rise, fall] = [colour('rise-fill'), colour('fall-fill')];
    candles.applyOptions({ upColor: rise, wickUpColor: rise, downColor: fall, wickDownColor: fall });
    volume.setData(volume.data().map(({ time, ...rest }) => ({ ...rest, time, color: colour('volume-soft') })));
    watermark?.applyOptions({ lines: [{ text: 'FAKE', fontSize: 88, fontStyle: '800', color: colour('mark') }] });
  };
  paint();
  return {
    show(bars) {
      candles.applyOptions({ priceFormat: formatFor(bars.at(-1)?.close ?? 1) });
      candles.setData(bars.map(draw));
      volume.setData(bars.map(pile));
      chart.timeScale().scrollToRealTime();
    },
    follow(bars) {
      for (const bar of bars) {
        candles.update(draw(bar));
        volume.update(pile(bar));
      }
    },
    paint,
    [Symbol.dispose]: () => chart.remove(),
  };
}

/** Decimals that a price of this size is quoted with. */
function formatFor(price: number): { type: 'price'; precision: number; minMove: number } {
  const precision = price >= 10 ? 2 : price >= 0.1 ? 4 : 6;
  return { type: 'price', precision, minMove: 10 ** -precision };
}
