import { z } from 'zod';

const finding = {
  id: z.string(),
  sentence: z.string().meta({ description: 'What must happen.' }),
  severity: z.enum(['error', 'warn']),
  step: z.string().optional().meta({ description: 'The step it comes after, or holds during.' }),
  expected: z.string(),
  seen: z.string(),
  lines: z.array(z.int()).meta({ description: 'Numbers of the journal’s entries that show it.' }),
};

export const standing = z
  .strictObject({ ...finding, outcome: z.enum(['met', 'unmet', 'open']) })
  .meta({ id: 'Standing' });
export type StandingView = z.infer<typeof standing>;

export const standings = z
  .strictObject({
    decided: z.boolean().meta({ description: 'Nothing more can come: the tape is over, and no client is waited for.' }),
    standings: z.array(standing),
  })
  .meta({ id: 'Standings' });
export type StandingsView = z.infer<typeof standings>;

export const verdict = z
  .strictObject({
    decided: z.boolean().meta({ description: 'false: as of now; what is still open counts as unmet.' }),
    passed: z.boolean(),
    counts: z.strictObject({ met: z.int(), failed: z.int(), warned: z.int() }),
    findings: z.array(z.strictObject({ ...finding, outcome: z.enum(['met', 'unmet']) })),
  })
  .meta({ id: 'Verdict' });
export type VerdictView = z.infer<typeof verdict>;

export const verdictQuery = z.strictObject({
  format: z.enum(['json', 'junit', 'html']).default('json').meta({
    description: 'json: this answer. junit: for CI. html: a page for people.',
  }),
});
