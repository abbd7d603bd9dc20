import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Desk } from '../desk.ts';
import { dayRoutes } from './day.ts';
import { faultRoutes } from './faults.ts';
import { journalRoutes } from './journal.ts';
import { keyRoutes } from './keys.ts';
import { liveRoutes } from './live.ts';
import { pageRoutes } from './page.ts';
import { runRoutes } from './runs.ts';
import { scenarioRoutes } from './scenarios.ts';
import { sessionRoutes } from './sessions.ts';
import { systemRoutes } from './system.ts';
import { tapeRoutes } from './tapes.ts';
import { transportRoutes } from './transport.ts';
import { verdictRoutes } from './verdict.ts';

/** Everything that the API answers, one file a resource. */
export const routes: readonly FastifyPluginAsyncZod<Desk>[] = [
  pageRoutes,
  systemRoutes,
  runRoutes,
  transportRoutes,
  dayRoutes,
  scenarioRoutes,
  tapeRoutes,
  faultRoutes,
  keyRoutes,
  sessionRoutes,
  journalRoutes,
  verdictRoutes,
  liveRoutes,
];
