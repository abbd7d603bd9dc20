import { z } from 'zod';
import { duration } from '../../../market/duration.ts';

const bytes = z.int().min(1);
const mib = 1024 * 1024;

const spoolSettings = z.strictObject({
  folder: z.string().min(1).default('papertape-spool').meta({
    description: 'Where rows wait on disk while the database is away, and where refused rows are put. One client each.',
  }),
  mostBytes: bytes.default(4096 * mib).meta({
    description: 'Bytes that may wait there. Beyond them nothing is dropped: no more is taken before there is room.',
  }),
  segmentBytes: bytes.default(16 * mib).meta({ description: 'Bytes after which a new file is begun.' }),
  sync: z.enum(['append', 'segment', 'never']).default('append').meta({
    description:
      'What a power failure can take: append: nothing that was spooled; segment: the file being written; never: what the system had not yet written. A client that is killed loses nothing by any.',
  }),
});

/** How what was heard is stored. */
export const storeSettings = z.strictObject({
  database: z
    .string()
    .min(1)
    .default('papertape-database')
    .meta({
      description: 'A connection string (postgres://…), or a folder in which an embedded PostgreSQL keeps everything.',
      examples: ['postgres://papertape@localhost:5432/market', './papertape-database'],
    }),
  migrate: z.boolean().default(true).meta({ description: 'Make or update the tables when the database is opened.' }),
  rows: z.int().min(1).max(1_000_000).default(20_000).meta({ description: 'Rows of a table stored at once, at most.' }),
  maxDelay: duration.prefault('200ms').meta({ description: 'How long a row waits for others at most.' }),
  memoryBytes: bytes
    .default(64 * mib)
    .meta({ description: 'Bytes of rows that wait in memory, before they wait on disk.' }),
  patience: duration
    .prefault('60s')
    .meta({ description: 'How long the database may take over one batch before it counts as away.' }),
  closing: duration.prefault('5s').meta({
    description:
      'How long the database may take at the end over what is not stored yet, before it is left on disk for the next start; without a spool, `patience` counts.',
  }),
  retry: z
    .strictObject({
      first: duration.prefault('250ms').meta({ description: 'Wait before the first new attempt; it doubles.' }),
      most: duration.prefault('15s').meta({ description: 'Longest wait between two attempts.' }),
    })
    .prefault({}),
  spool: z
    .union([z.literal('none'), spoolSettings])
    .prefault({})
    .meta({ description: 'What waits on disk while the database is away; none: only what memory holds waits.' }),
});

export type StoreSettings = z.output<typeof storeSettings>;
export type SpoolSettings = z.output<typeof spoolSettings>;
