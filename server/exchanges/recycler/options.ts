import { z } from 'zod';

/** The switches of the recycler in a scenario. */
export const recyclerOptions = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[A-Za-z0-9._~/-]*$/, 'not a path; begin it with /, such as /')
      .default('/')
      .meta({
        description: 'The path its clients connect to. The recycler answered on any; its documents name none.',
        examples: ['/', '/recycler'],
      }),
    closeFrames: z
      .enum(['none', 'clean'])
      .default('none')
      .meta({
        description:
          'How a connection ends. none: the socket is torn down, which ends its old client; clean: with a Close frame, as the recycler did, on which its old client spins for ever.',
        examples: ['clean'],
      }),
  })
  .meta({
    title: 'Recycler',
    description: 'The data recycler of prefect-trading, for its old clients. Answers only where it is named.',
    examples: [{}, { path: '/recycler' }],
  });
