ALTER TABLE "market_data" ADD COLUMN "delay_ns" bigint;--> statement-breakpoint
ALTER TABLE "market_data" ADD COLUMN "detail" jsonb;--> statement-breakpoint
ALTER TABLE "market_data" ADD COLUMN "arrival" bigint;