import type { Encoder } from '../exchange.ts';
import { cryptoEncoder } from './crypto-json.ts';
import { forexEncoder } from './forex-json.ts';
import { futureEncoder } from './future-json.ts';
import { indexEncoder } from './index-json.ts';
import { optionEncoder } from './option-json.ts';
import type { PolygonOptions } from './options.ts';
import type { Cluster } from './plans.ts';
import { stockEncoder } from './stock-json.ts';

/** The spelling of a cluster's data; one for all streams of the cluster, so that they share their bytes. */
export function clusterEncoder(cluster: Cluster, options: PolygonOptions): Encoder {
  switch (cluster) {
    case 'stocks':
      return stockEncoder(options);
    case 'options':
      return optionEncoder();
    case 'indices':
      return indexEncoder();
    case 'forex':
      return forexEncoder();
    case 'crypto':
      return cryptoEncoder();
    case 'futures':
      return futureEncoder();
  }
}
