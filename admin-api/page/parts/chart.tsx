import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignalEffect } from '@preact/signals';
import { drawPrice, type PriceBar, type PriceChart } from '../charts/price-chart.ts';
import { areRead, bars, symbol, symbols } from '../state/bars.ts';
import { theme } from '../state/theme.ts';
import { marketMinute, roughly } from '../state/words.ts';

/** The price of a symbol, as far as the tape has played. */
export function Chart(): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<PriceChart | undefined>(undefined);
  const shown = useRef<readonly PriceBar[]>([]);
  useEffect(() => {
    if (place.current !== null) chart.current = drawPrice(place.current);
    return () => chart.current?.[Symbol.dispose]();
  }, []);
  useSignalEffect(() => {
    const [before, now] = [shown.current, bars.value];
    shown.current = now;
    const last = before.at(-1);
    const isSame = before[0]?.at === now[0]?.at && before[0]?.open === now[0]?.open;
    if (last !== undefined && isSame && (now.at(-1)?.at ?? 0) >= last.at)
      chart.current?.follow(now.filter(({ at }) => at >= last.at));
    else chart.current?.show(now);
  });
  useSignalEffect(() => {
    void theme.value;
    chart.current?.paint();
  });
  return (
    <>
      <div class="bar">
        <select
          class="field symbol"
          aria-label="Symbol"
          value={symbol.value}
          onChange={({ currentTarget }) => (symbol.value = currentTarget.value)}
        >
          {symbols.value.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <Last />
      </div>
      <div ref={place} class="price" role="img" aria-label={told()} />
      <a class="credit" href="https://www.tradingview.com/" rel="noreferrer noopener" target="_blank">
        Charts by TradingView
      </a>
      {bars.value.length === 0 ? <p class="nothing over">{emptiness()}</p> : null}
    </>
  );
}

/** The last bar in figures. */
function Last(): JSX.Element {
  const last = bars.value.at(-1);
  const first = bars.value[0];
  if (last === undefined || first === undefined) return <span class="last" />;
  const change = (last.close / first.open - 1) * 100;
  return (
    <dl class="last">
      <div>
        <dt class="unseen">Last</dt>
        <dd class="big">{price(last.close)}</dd>
      </div>
      <div>
        <dt class="unseen">Since the first bar</dt>
        <dd class={change >= 0 ? 'rise' : 'fall'}>
          {change >= 0 ? '▲' : '▼'} {Math.abs(change).toFixed(2)}%
        </dd>
      </div>
      <div class="ohlc">
        <dt>H</dt>
        <dd>{price(last.high)}</dd>
      </div>
      <div class="ohlc">
        <dt>L</dt>
        <dd>{price(last.low)}</dd>
      </div>
      <div class="ohlc">
        <dt>Vol</dt>
        <dd>{roughly(last.volume)}</dd>
      </div>
    </dl>
  );
}

function emptiness(): string {
  return areRead.value ? `Nothing of ${symbol.value ?? 'the tape'} has been played yet.` : 'Reading the bars…';
}

function told(): string {
  const last = bars.value.at(-1);
  if (last === undefined) return 'Price chart, empty';
  return `Fake price chart of ${symbol.value}: ${bars.value.length} bars, the last at ${marketMinute(last.at)} closed at ${price(last.close)}`;
}

const price = (of: number): string => of.toFixed(of >= 10 ? 2 : of >= 0.1 ? 4 : 6);
