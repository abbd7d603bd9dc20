import { z } from 'zod';
import { instant } from './common.ts';

export const liveFaultView = z
  .strictObject({
    id: z.string().meta({ description: 'Of its step or rule, or the name it was injected under.' }),
    fault: z.string().meta({ description: 'Name of the fault.' }),
    sentence: z.string().meta({ description: 'What it does, how long, and to whom.' }),
    target: z.strictObject({
      endpoint: z.string().optional(),
      sessions: z.union([z.enum(['oldest', 'newest']), z.array(z.int())]).optional(),
      client: z.string().optional().meta({ description: 'Label of the key it is aimed at.' }),
      symbols: z.array(z.string()).optional(),
      channels: z.array(z.string()).optional(),
    }),
    session: z.int().optional().meta({ description: 'The session that has set it off, at which alone it is aimed.' }),
    byHand: z.boolean().meta({ description: 'Injected, not the scenario’s own.' }),
    since: instant.meta({ description: 'Wall time.' }),
    sinceTapeMs: z.number().meta({ description: 'How long the tape had played then.' }),
    until: instant
      .optional()
      .meta({ description: 'When it ends by itself, in wall time, as far as that can be told now.' }),
    strikes: z.int().meta({ description: 'How often it has struck.' }),
    times: z.int().optional().meta({ description: 'It is over when it has struck so often.' }),
    over: z.boolean().meta({ description: 'It was over at once, as a connection’s end is.' }),
  })
  .meta({ id: 'LiveFault' });
export type LiveFaultView = z.infer<typeof liveFaultView>;
