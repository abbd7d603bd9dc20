export { Backfill, type BackfillReport, type Refill } from './backfill.ts';
export { type Gap } from './coverage.ts';
export { Gaps, type GapReport } from './gaps.ts';
export { backfillSettings, gapSettings, type BackfillSettings, type GapSettings } from './settings.ts';
export { KeptGaps, type KeptReport, type Missing } from './kept-gaps.ts';
