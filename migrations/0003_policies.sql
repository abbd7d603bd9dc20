-- On the Community edition of TimescaleDB: compression of what is a week old, and retention of what is stamped with the
-- present (live ticks, health). Bars and stream events are never dropped by themselves: a recorded tape may be years old
-- on the day it is imported. Elsewhere papertape_drop_before() does by hand what these policies do.
DO $$
BEGIN
	IF coalesce(current_setting('timescaledb.license', true), '') <> 'timescale'
		OR NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
		RETURN;
	END IF;
	-- Every column of a unique key is named here, so that a compressed chunk can still refuse a second copy.
	EXECUTE 'ALTER TABLE market_data SET (timescaledb.compress,
		timescaledb.compress_segmentby = ''symbol, timeframe, data_source, market'', timescaledb.compress_orderby = ''timestamp'')';
	EXECUTE 'ALTER TABLE websocket_data SET (timescaledb.compress,
		timescaledb.compress_segmentby = ''symbol, channel, data_source, market'',
		timescaledb.compress_orderby = ''timestamp, nanos, id, event_key, ordinal'')';
	PERFORM add_compression_policy('market_data', interval '7 days');
	PERFORM add_compression_policy('websocket_data', interval '7 days');
	PERFORM add_retention_policy('realtime_market_data', interval '90 days');
	PERFORM add_retention_policy('system_health', interval '30 days');
END $$;
