/** Where a client finds its exchange, and as whom it comes. */
export interface Whereabouts {
  /** `ws://host:port`, or `wss://` with TLS. */
  readonly url: string;
  /** Exchanges that answer there. */
  readonly exchanges: readonly string[];
  readonly key: string;
  readonly secret: string;
}

/**
 * The variables by which a client finds its exchange without a change: our own, and those that the vendors' SDKs read. Only those of
 * exchanges that answer are set.
 */
export function clientEnvironment({ url, exchanges, key, secret }: Whereabouts): Readonly<Record<string, string>> {
  const http = url.replace(/^ws/, 'http');
  const own = { PAPERTAPE_URL: url, PAPERTAPE_HTTP_URL: http, PAPERTAPE_KEY: key, PAPERTAPE_SECRET: secret };
  const vendors: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    alpaca: {
      // Read by the SDKs for JavaScript (3.x), Python (alpaca-trade-api), Go and Rust (apca).
      APCA_API_KEY_ID: key,
      APCA_API_SECRET_KEY: secret,
      APCA_API_BASE_URL: http,
      APCA_API_DATA_URL: http,
      APCA_API_STREAM_URL: url,
      // JavaScript 3.x; it comes before DATA_PROXY_WS there, which is Go's, with the path of its version.
      APCA_DATA_BASE_URL: http,
      DATA_PROXY_WS: `${url}/v2`,
      DATA_CRYPTO_PROXY_WS: `${url}/v1beta3/crypto`,
    },
    // Read by the SDKs for Python, under the old name and the new one; none reads an address.
    polygon: { POLYGON_API_KEY: key, MASSIVE_API_KEY: key },
    // Read by the SDK for JavaScript; the address is that of its REST side.
    twelvedata: { TWELVEDATA_API_KEY: key, TWELVEDATA_API_BASE_URL: http },
  };
  return Object.assign(own, ...exchanges.map((name) => vendors[name] ?? {}));
}
