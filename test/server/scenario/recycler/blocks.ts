/** The configuration blocks of the old system's documents, key by key. */
export const blocks = {
  'loop mode': `
websocket:
  mode: "recycler"
  recycler:
    replay_mode: "loop"
    replay_speed: 1.0
    symbols: ["AAPL"]
    loop_count: -1  # -1 = infinite loop
`,
  'date range mode': `
websocket:
  mode: "recycler"
  recycler:
    replay_mode: "date_range"
    date_range:
      start_date: "2025-06-23"
      end_date: "2025-06-30"
    replay_speed: 2.0
    symbols: ["AAPL", "MSFT"]
`,
  'single pass mode': `
websocket:
  mode: "recycler"
  recycler:
    replay_mode: "single_pass"
    replay_speed: 5.0
    symbols: ["AAPL"]
    loop_count: 1
`,
  'main configuration': `
websocket:
  mode: "recycler"  # "alpaca" or "recycler"
  recycler:
    server_url: "ws://localhost:8765"
    replay_mode: "loop"  # "loop", "date_range", "single_pass"
    replay_speed: 1.0
    date_range:
      start_date: "2025-06-23"
      end_date: "2025-06-30"
    symbols: ["AAPL", "MSFT", "GOOGL"]
    loop_count: -1  # -1 = infinite, 1 = single pass
    data_retention:
      recycled_data_days: 1
      auto_cleanup: true
`,
  'continuous development testing': `
websocket:
  mode: "recycler"
  recycler:
    replay_mode: "loop"
    replay_speed: 2.0
    symbols: ["AAPL"]
`,
  'specific market event testing': `
websocket:
  mode: "recycler"
  recycler:
    replay_mode: "date_range"
    date_range:
      start_date: "2025-06-23"
      end_date: "2025-06-25"
    replay_speed: 1.0
    symbols: ["AAPL", "MSFT"]
`,
  'fast testing': `
websocket:
  mode: "recycler"
  recycler:
    replay_mode: "single_pass"
    replay_speed: 10.0
    symbols: ["AAPL"]
    loop_count: 1
`,
  'available data range testing': `
websocket:
  mode: "recycler"
  recycler:
    replay_mode: "date_range"
    date_range:
      start_date: "2025-06-23"
      end_date: "2025-07-23"
    replay_speed: 1.0
    symbols: ["AAPL"]
`,
  /** As its repository ships it, among sections that are none of our business. */
  shipped: `
database:
  pool: { min: 1, max: 10 }
websocket:
  mode: alpaca
  symbols: [AAPL, PDFS, ROG]
  recycler:
    server_url: ws://localhost:8765
    replay_mode: loop
    replay_speed: 1.0
    date_range:
      start_date: 2025-06-23
      end_date: 2025-06-30
    symbols: [AAPL, PDFS, ROG]
    loop_count: -1
    data_retention:
      recycled_data_days: 1
      auto_cleanup: true
logging:
  level: DEBUG
  websocket_debug: true
`,
} as const;
