-- Hourly and daily bars made of the minute bars: market_data_hourly and market_data_daily. Continuous aggregates on the
-- Community edition of TimescaleDB, plain views of the same names and columns elsewhere. Days are New York's, because a US
-- trading day with its extended hours crosses midnight UTC.
DO $$
DECLARE
	rollup record;
	-- On a server without TimescaleDB the setting is absent; on the Apache edition it is 'apache'.
	community boolean := coalesce(current_setting('timescaledb.license', true), '') = 'timescale'
		AND EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb');
	columns text := '
		max(high) AS high, min(low) AS low,
		sum(volume) AS volume, sum(trade_count)::bigint AS trade_count,
		sum(coalesce(vwap, close) * volume) / nullif(sum(volume), 0) AS vwap';
BEGIN
	FOR rollup IN
		SELECT * FROM (VALUES
			(
				'market_data_hourly',
				'time_bucket(interval ''1 hour'', "timestamp")',
				'date_trunc(''hour'', "timestamp", ''UTC'')',
				interval '1 hour'
			),
			(
				'market_data_daily',
				'time_bucket(interval ''1 day'', "timestamp", ''America/New_York'')',
				'date_trunc(''day'', "timestamp", ''America/New_York'')',
				interval '1 day'
			)
		) AS t (name, time_bucket, date_trunc, span)
	LOOP
		IF community THEN
			EXECUTE format(
				'CREATE MATERIALIZED VIEW %I WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
				SELECT symbol, market, data_source, %s AS bucket, first(open, "timestamp") AS open, last(close, "timestamp") AS close, %s
				FROM market_data WHERE timeframe = ''1m'' GROUP BY symbol, market, data_source, bucket WITH NO DATA',
				rollup.name, rollup.time_bucket, columns
			);
			-- From the beginning of time, because an imported tape may be old; only changed buckets are made anew.
			PERFORM add_continuous_aggregate_policy(
				rollup.name::regclass, start_offset => NULL, end_offset => rollup.span, schedule_interval => interval '1 hour'
			);
		ELSE
			EXECUTE format(
				'CREATE VIEW %I AS
				SELECT symbol, market, data_source, %s AS bucket, (array_agg(open ORDER BY "timestamp"))[1] AS open,
					(array_agg(close ORDER BY "timestamp" DESC))[1] AS close, %s
				FROM market_data WHERE timeframe = ''1m'' GROUP BY symbol, market, data_source, 4',
				rollup.name, rollup.date_trunc, columns
			);
		END IF;
	END LOOP;
END $$;
