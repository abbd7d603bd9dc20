/** The scenario that `papertape init` writes: plays as it stands, and shows what else there is. */
export function starter(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Editors complete this file by that schema. \`papertape schema scenario.schema.json\` writes one to keep beside it.
#
# A Papertape scenario: what plays, how it plays, and for whom. Try:
#   papertape explain THIS_FILE     papertape validate THIS_FILE     papertape serve THIS_FILE
# Values may use the environment: \${NAME}, or \${NAME:-default}.
apiVersion: papertape/v1
name: my-scenario
description: What a client learns from it.

# The only source of chance: the same file and seed play the same events.
seed: 1

# Another scenario to start from; what this file says goes over it.
# extends: ../base.scenario.yaml

# What plays: tapes, merged in time order. Each entry names one kind of tape.
tapes:
  - synthetic:
      symbols: [AAPL, MSFT, SPY]
      from: "2026-07-01T09:30:00-04:00"
      to: "2026-07-01T10:30:00-04:00"
      rate: 40 # events a second, all symbols together
  # - file: tapes/day.ndjson.gz

replay:
  mode: loop # loop | single_pass | date_range
  # loopCount: 3 # -1 = for ever
  # range: { from: "2026-07-01T09:45:00-04:00", to: "2026-07-01T10:00:00-04:00" } # with mode date_range
  # atEnd: close # keep | close the connections after the last pass
  speed: 1 # 0.1–1000, or max
  startOn: subscribed # connected | subscribed
  timestamps: shifted # original | shifted | now
  # maxIdle: 2s # cut longer silences of the market to this
  # backpressure: drop # when a client reads too slowly: pause (the tape, at speed max) | drop | disconnect

# Which keys may log in. Without this list any key may.
# keys:
#   - { key: PKTEST1, secret: secret1 }

# What the server allows a client.
# limits:
#   outbox: 1MiB # bytes that may wait for one client before it counts as slow
#   connectsPerMinute: 60 # more are answered with HTTP 429

# What goes wrong and when, and what a client must do then. Try: papertape run THIS_FILE -- YOUR_CLIENT
# timeline:
#   - { id: reset, at: 10s, inject: { reset: {} } }
#   - { id: mute, after: reset, plus: 20s, for: 25s, inject: { mute: {} }, target: { symbols: [AAPL] } }
# expect:
#   - { id: back, after: reset, must: { reconnect: { within: 5s } } }
`;
}
