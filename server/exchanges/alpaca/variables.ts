import type { Address } from '../exchange.ts';

/** What Alpaca's SDKs for JavaScript (3.x), Python (alpaca-trade-api), Go and Rust (apca) read. */
export const alpacaVariables = ({ url, httpUrl, key, secret }: Address): Readonly<Record<string, string>> => ({
  APCA_API_KEY_ID: key,
  APCA_API_SECRET_KEY: secret,
  APCA_API_BASE_URL: httpUrl,
  APCA_API_DATA_URL: httpUrl,
  APCA_API_STREAM_URL: url,
  // JavaScript 3.x; it comes before DATA_PROXY_WS there, which is Go's, with the path of its version.
  APCA_DATA_BASE_URL: httpUrl,
  DATA_PROXY_WS: `${url}/v2`,
  DATA_CRYPTO_PROXY_WS: `${url}/v1beta3/crypto`,
});
