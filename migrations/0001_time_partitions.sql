-- Cuts the growing tables by time. Where TimescaleDB is loaded they become hypertables (either edition can); elsewhere
-- they become natively partitioned tables, one partition a UTC month and a default one that takes what has no month yet.

-- Adds the month that holds `instant`, moving its rows out of the default partition. False when there is nothing to do:
-- the month exists, the table is a hypertable, or a long reading holds the table; rows then stay in the default partition,
-- where every query finds them too.
CREATE FUNCTION papertape_add_partition(target regclass, instant timestamptz) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '1s' AS $$
DECLARE
	month timestamp := date_trunc('month', instant AT TIME ZONE 'UTC');
	bottom timestamptz := month AT TIME ZONE 'UTC';
	top timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
	house name := (SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = target);
	family name := (SELECT relname FROM pg_class WHERE oid = target);
	member text := format('%I.%I', house, family || '_' || to_char(month, 'YYYYMM'));
	columns text;
BEGIN
	IF (SELECT relkind FROM pg_class WHERE oid = target) <> 'p' OR to_regclass(member) IS NOT NULL THEN
		RETURN false;
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('papertape_add_partition'), target::oid::int);
	IF to_regclass(member) IS NOT NULL THEN
		RETURN false;
	END IF;
	SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
	FROM pg_attribute WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
	EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)', member, target);
	EXECUTE format(
		'WITH moved AS (DELETE FROM %I.%I WHERE "timestamp" >= %L AND "timestamp" < %L RETURNING %s) INSERT INTO %s (%s) SELECT %s FROM moved',
		house, family || '_default', bottom, top, columns, member, columns, columns
	);
	EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', target, member, bottom, top);
	RETURN true;
EXCEPTION WHEN lock_not_available OR check_violation THEN
	RETURN false;
END $$;
--> statement-breakpoint
-- Retention by hand: drops the months (or chunks) that end at or before `instant` and returns how many went.
CREATE FUNCTION papertape_drop_before(target regclass, instant timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
	member regclass;
	dropped integer := 0;
BEGIN
	IF (SELECT relkind FROM pg_class WHERE oid = target) <> 'p' THEN
		EXECUTE 'SELECT count(*) FROM drop_chunks($1, older_than => $2)' INTO dropped USING target, instant;
		RETURN dropped;
	END IF;
	FOR member IN
		SELECT c.oid FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = target AND c.relname ~ '_[0-9]{6}$'
			AND (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' <= instant
	LOOP
		EXECUTE format('DROP TABLE %s', member);
		dropped := dropped + 1;
	END LOOP;
	RETURN dropped;
END $$;
--> statement-breakpoint
DO $$
DECLARE
	growing record;
	plain name;
	definitions text[];
	definition text;
BEGIN
	-- The loader defines this setting, so its presence says that CREATE EXTENSION can work. Asking for
	-- shared_preload_libraries instead would need a superuser, and trying without the loader ends the connection.
	IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
		AND current_setting('timescaledb.disable_load', true) IS NOT NULL THEN
		BEGIN
			CREATE EXTENSION timescaledb;
		EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR object_not_in_prerequisite_state THEN
			RAISE NOTICE 'TimescaleDB is loaded but cannot be created here (%): using native partitions', SQLERRM;
		END;
	END IF;

	FOR growing IN
		SELECT * FROM (VALUES
			('market_data', interval '30 days'),
			('websocket_data', interval '1 day'),
			('realtime_market_data', interval '7 days'),
			('system_health', interval '7 days')
		) AS t (name, chunk)
	LOOP
		IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
			AND EXISTS (SELECT FROM pg_proc WHERE proname = 'create_hypertable' AND pg_function_is_visible(oid)) THEN
			PERFORM create_hypertable(
				growing.name::regclass, 'timestamp'::name,
				chunk_time_interval => growing.chunk, create_default_indexes => false, migrate_data => true
			);
			CONTINUE;
		END IF;

		-- A table cannot become partitioned, so a partitioned twin takes its place, its keys and its indexes.
		SELECT array_agg(sentence ORDER BY position) INTO definitions FROM (
			SELECT 1 AS position, format('ALTER TABLE %I ADD CONSTRAINT %I %s', growing.name, conname, pg_get_constraintdef(oid)) AS sentence
			FROM pg_constraint WHERE conrelid = growing.name::regclass AND contype IN ('p', 'u')
			UNION ALL
			SELECT 2, pg_get_indexdef(i.indexrelid) FROM pg_index i
			WHERE i.indrelid = growing.name::regclass
				AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
		) AS d;
		plain := growing.name || '_plain';
		EXECUTE format('ALTER TABLE %I RENAME TO %I', growing.name, plain);
		EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES) PARTITION BY RANGE ("timestamp")', growing.name, plain);
		EXECUTE format('DROP TABLE %I', plain);
		FOREACH definition IN ARRAY definitions LOOP
			EXECUTE definition;
		END LOOP;
		EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', growing.name || '_default', growing.name);
		PERFORM papertape_add_partition(growing.name::regclass, now() + ahead * interval '1 month') FROM generate_series(-1, 3) AS ahead;
	END LOOP;
END $$;
