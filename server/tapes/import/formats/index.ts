import type { Format } from '../format.ts';
import { alpaca } from './alpaca.ts';
import { alpacaCsv } from './alpaca-csv.ts';
import { databento } from './databento.ts';
import { ndjson } from './ndjson.ts';
import { ohlcv } from './ohlcv.ts';
import { parquet } from './parquet.ts';
import { polygon } from './polygon.ts';
import { twelvedata } from './twelvedata.ts';

/** Every format that can be imported, the more particular first. A new one is one file and one line here. */
export const formats: readonly Format[] = [ndjson, parquet, polygon, databento, alpaca, alpacaCsv, twelvedata, ohlcv];
