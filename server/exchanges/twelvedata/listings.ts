/** A security as the vendor lists it. */
export interface Security {
  readonly name: string;
  readonly exchange: string;
  /** Market identifier code (ISO 10383). */
  readonly mic: string;
  readonly currency: string;
  readonly country: string;
  readonly type: string;
  /** IANA name of the zone its exchange keeps. */
  readonly zone: string;
}

const america = { currency: 'USD', country: 'United States', zone: 'America/New_York' } as const;
/** Nasdaq's segments have codes of their own; stocks of the Global Select Market carry XNGS on the wire (transcript happy_path). */
const nasdaq = { ...america, exchange: 'NASDAQ', mic: 'XNGS' } as const;
const nasdaqMarket = { ...nasdaq, mic: 'XNMS' } as const;
const nyse = { ...america, exchange: 'NYSE', mic: 'XNYS' } as const;
const arca = { ...america, exchange: 'NYSE', mic: 'ARCX' } as const;
const india = { currency: 'INR', country: 'India', zone: 'Asia/Kolkata', exchange: 'NSE', mic: 'XNSE' } as const;

type Place = Omit<Security, 'name' | 'type'>;
type Names = Readonly<Record<string, string>>;

const listed = (place: Place, type: string, names: Names): readonly (readonly [string, Security])[] =>
  Object.entries(names).map(([symbol, name]) => [symbol, { ...place, name, type }]);

/** Stock of an exchange the directory knows nothing better of: Nasdaq's. */
export const commonStock: Omit<Security, 'name'> = { ...nasdaq, type: 'Common Stock' };
/** An index that the directory does not know. */
export const anyIndex: Omit<Security, 'name'> = { ...america, exchange: 'NYSE', mic: 'XNYS', type: 'Index' };

/** Well-known securities by symbol. */
export const securities: ReadonlyMap<string, Security> = new Map([
  ...listed(nasdaq, 'Common Stock', {
    AAPL: 'Apple Inc.',
    ADBE: 'Adobe Inc.',
    AMD: 'Advanced Micro Devices, Inc.',
    AMGN: 'Amgen Inc.',
    AMZN: 'Amazon.com, Inc.',
    AVGO: 'Broadcom Inc.',
    CMCSA: 'Comcast Corporation',
    COST: 'Costco Wholesale Corporation',
    CSCO: 'Cisco Systems, Inc.',
    GOOG: 'Alphabet Inc.',
    GOOGL: 'Alphabet Inc.',
    INTC: 'Intel Corporation',
    INTU: 'Intuit Inc.',
    META: 'Meta Platforms, Inc.',
    MSFT: 'Microsoft Corporation',
    MU: 'Micron Technology, Inc.',
    NFLX: 'Netflix, Inc.',
    NVDA: 'NVIDIA Corporation',
    PEP: 'PepsiCo, Inc.',
    PYPL: 'PayPal Holdings, Inc.',
    QCOM: 'QUALCOMM Incorporated',
    SBUX: 'Starbucks Corporation',
    TMUS: 'T-Mobile US, Inc.',
    TSLA: 'Tesla, Inc.',
    TXN: 'Texas Instruments Incorporated',
  }),
  ...listed(nyse, 'Common Stock', {
    BA: 'The Boeing Company',
    BAC: 'Bank of America Corporation',
    'BRK.A': 'Berkshire Hathaway Inc.',
    'BRK.B': 'Berkshire Hathaway Inc.',
    C: 'Citigroup Inc.',
    CAT: 'Caterpillar Inc.',
    CRM: 'Salesforce, Inc.',
    CVX: 'Chevron Corporation',
    DIS: 'The Walt Disney Company',
    F: 'Ford Motor Company',
    GE: 'GE Aerospace',
    GM: 'General Motors Company',
    GS: 'The Goldman Sachs Group, Inc.',
    HD: 'The Home Depot, Inc.',
    IBM: 'International Business Machines Corporation',
    JNJ: 'Johnson & Johnson',
    JPM: 'JPMorgan Chase & Co.',
    KO: 'The Coca-Cola Company',
    LLY: 'Eli Lilly and Company',
    MA: 'Mastercard Incorporated',
    MCD: "McDonald's Corporation",
    NKE: 'NIKE, Inc.',
    ORCL: 'Oracle Corporation',
    PFE: 'Pfizer Inc.',
    PG: 'The Procter & Gamble Company',
    RY: 'Royal Bank of Canada',
    T: 'AT&T Inc.',
    TRP: 'TC Energy Corporation',
    UBER: 'Uber Technologies, Inc.',
    UNH: 'UnitedHealth Group Incorporated',
    V: 'Visa Inc.',
    VZ: 'Verizon Communications Inc.',
    WFC: 'Wells Fargo & Company',
    WMT: 'Walmart Inc.',
    XOM: 'Exxon Mobil Corporation',
  }),
  ...listed(nyse, 'American Depositary Receipt', { BABA: 'Alibaba Group Holding Limited', INFY: 'Infosys Limited' }),
  ...listed(nasdaqMarket, 'ETF', { QQQ: 'Invesco QQQ Trust, Series 1', TLT: 'iShares 20+ Year Treasury Bond ETF' }),
  ...listed(arca, 'ETF', {
    DIA: 'SPDR Dow Jones Industrial Average ETF Trust',
    GLD: 'SPDR Gold Shares',
    IWM: 'iShares Russell 2000 ETF',
    SLV: 'iShares Silver Trust',
    SPY: 'SPDR S&P 500 ETF Trust',
    VOO: 'Vanguard S&P 500 ETF',
    VTI: 'Vanguard Total Stock Market ETF',
    XLE: 'Energy Select Sector SPDR Fund',
    XLF: 'Financial Select Sector SPDR Fund',
    XLK: 'Technology Select Sector SPDR Fund',
  }),
  ...listed(nasdaqMarket, 'Index', { IXIC: 'NASDAQ Composite', NDX: 'NASDAQ 100' }),
  ...listed(nyse, 'Index', {
    DJI: 'Dow Jones Industrial Average',
    GSPC: 'S&P 500',
    SPX: 'S&P 500',
    RUT: 'Russell 2000',
    VIX: 'CBOE Volatility Index',
  }),
  ...listed(india, 'Index', { NSEI: 'NIFTY 50', NSEBANK: 'NIFTY Bank' }),
]);

/** Names of the world's currencies, and of metals that are quoted like one. */
export const currencies: Names = {
  AED: 'United Arab Emirates Dirham',
  ARS: 'Argentine Peso',
  AUD: 'Australian Dollar',
  BRL: 'Brazilian Real',
  CAD: 'Canadian Dollar',
  CHF: 'Swiss Franc',
  CLP: 'Chilean Peso',
  CNH: 'Chinese Yuan Offshore',
  CNY: 'Chinese Yuan',
  COP: 'Colombian Peso',
  CZK: 'Czech Koruna',
  DKK: 'Danish Krone',
  EGP: 'Egyptian Pound',
  EUR: 'Euro',
  GBP: 'British Pound',
  HKD: 'Hong Kong Dollar',
  HUF: 'Hungarian Forint',
  IDR: 'Indonesian Rupiah',
  ILS: 'Israeli Shekel',
  INR: 'Indian Rupee',
  JPY: 'Japanese Yen',
  KRW: 'South Korean Won',
  MXN: 'Mexican Peso',
  MYR: 'Malaysian Ringgit',
  NOK: 'Norwegian Krone',
  NZD: 'New Zealand Dollar',
  PEN: 'Peruvian Sol',
  PHP: 'Philippine Peso',
  PLN: 'Polish Zloty',
  RON: 'Romanian Leu',
  SAR: 'Saudi Riyal',
  SEK: 'Swedish Krona',
  SGD: 'Singapore Dollar',
  THB: 'Thai Baht',
  TRY: 'Turkish Lira',
  TWD: 'Taiwan Dollar',
  USD: 'US Dollar',
  XAG: 'Silver Spot',
  XAU: 'Gold Spot',
  ZAR: 'South African Rand',
};

export const coins: Names = {
  AAVE: 'Aave',
  ADA: 'Cardano',
  ALGO: 'Algorand',
  ATOM: 'Cosmos',
  AVAX: 'Avalanche',
  BCH: 'Bitcoin Cash',
  BNB: 'Binance Coin',
  BTC: 'Bitcoin',
  DOGE: 'Dogecoin',
  DOT: 'Polkadot',
  ETC: 'Ethereum Classic',
  ETH: 'Ethereum',
  LINK: 'Chainlink',
  LTC: 'Litecoin',
  NEAR: 'NEAR Protocol',
  SHIB: 'Shiba Inu',
  SOL: 'Solana',
  TRX: 'TRON',
  UNI: 'Uniswap',
  USDC: 'USD Coin',
  USDT: 'Tether',
  XLM: 'Stellar',
  XRP: 'XRP',
};
