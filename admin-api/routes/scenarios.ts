import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkScenario, type LoadedScenario, rehearse, ScenarioError, scenarioJsonSchema } from '../../server/index.ts';
import { whileAsked } from '../while-asked.ts';
import type { Desk } from '../desk.ts';
import { faultOf } from '../failure.ts';
import { ProblemError, problemSchema } from '../problem.ts';
import { readText } from '../scenario-given.ts';
import { ScenarioList } from '../scenario-list.ts';
import { ScenarioShelf } from '../scenario-shelf.ts';
import { nothing } from '../schemas/common.ts';
import {
  explanation,
  givenText,
  largestScenarioBody,
  scenarioParams,
  scenarioSummary,
  scenarioText,
  validation,
} from '../schemas/scenario.ts';
import { explanationOf, scenarioView } from '../views/scenario.ts';

const yamlTypes = ['text/yaml', 'application/yaml', 'application/x-yaml', 'text/plain'];

/** Scenarios: those that come with Papertape, and those that are uploaded. What is uploaded reaches no file and no database but tapes. */
export const scenarioRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const shelf = new ScenarioShelf(desk);
  const list = new ScenarioList(shelf, desk);
  const refused = { 400: problemSchema, 413: problemSchema, 415: problemSchema, 422: problemSchema };
  const tags = ['scenarios'];
  const consumes = ['application/json', 'text/yaml'];
  const bodyLimit = largestScenarioBody;

  app.addContentTypeParser(yamlTypes, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body)));
    } catch {
      done(new ProblemError(400, 'not UTF-8 text; save it as UTF-8'), undefined);
    }
  });

  app.get(
    '/scenarios',
    {
      schema: {
        operationId: 'listScenarios',
        tags,
        summary: 'All scenarios: those that come with Papertape, then uploaded ones',
        response: { 200: z.array(scenarioSummary) },
      },
    },
    async () => await list.read(),
  );

  app.get(
    '/scenarios/schema',
    {
      schema: {
        operationId: 'scenarioSchema',
        tags,
        summary: 'The JSON Schema of scenarios, for editors',
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    () => ({ ...scenarioJsonSchema() }),
  );

  app.get(
    '/scenarios/:name',
    {
      schema: {
        operationId: 'getScenario',
        tags,
        summary: 'The text of a scenario, and what is wrong with it',
        params: scenarioParams,
        response: { 200: scenarioText, 404: problemSchema },
      },
    },
    async ({ params }) => await scenarioView(await shelf.find(params.name), shelf, desk),
  );

  app.put(
    '/scenarios/:name',
    {
      bodyLimit,
      schema: {
        operationId: 'putScenario',
        tags,
        summary: 'Uploads a scenario, or replaces an uploaded one; refused when it could not be played',
        params: scenarioParams,
        consumes,
        body: givenText,
        response: { 200: scenarioText, 201: scenarioText, 409: problemSchema, ...refused },
      },
    },
    async ({ params, body }, reply) => {
      const { name } = params;
      const text = textOf(body);
      const loaded = await readText(text, desk, name);
      await checkScenario(loaded, 'can come');
      const isNew = await shelf.save(name, text);
      const view = await scenarioView(await shelf.find(name), shelf, desk);
      return reply
        .code(isNew ? 201 : 200)
        .header('location', `/scenarios/${encodeURIComponent(name)}`)
        .send(view);
    },
  );

  app.delete(
    '/scenarios/:name',
    {
      schema: {
        operationId: 'deleteScenario',
        tags,
        summary: 'Deletes an uploaded scenario; runs of it play on',
        params: scenarioParams,
        response: { 204: nothing, 404: problemSchema, 409: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await shelf.remove(params.name);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/scenarios/validate',
    {
      bodyLimit,
      schema: {
        operationId: 'validateScenario',
        tags,
        summary: 'What stands against playing a scenario, as `papertape validate` tells it',
        consumes,
        body: givenText,
        response: { 200: validation, ...refused, 503: problemSchema },
      },
    },
    async ({ body }, reply) => {
      using asked = whileAsked(reply, desk.clock);
      const warnings: string[] = [];
      let loaded: LoadedScenario | undefined;
      const advice = () => [
        ...(loaded?.advice ?? []).map(faultOf),
        ...warnings.map((message) => ({ field: '', message })),
      ];
      try {
        loaded = await readText(textOf(body), desk);
        await rehearse(loaded, asked.signal, (message) => warnings.push(message));
        return { isValid: true, problems: [], advice: advice() };
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        return { isValid: false, problems: error.problems.map(faultOf), advice: advice() };
      }
    },
  );

  app.post(
    '/scenarios/explain',
    {
      bodyLimit,
      schema: {
        operationId: 'explainScenario',
        tags,
        summary: 'A scenario in plain sentences, as `papertape explain` tells it',
        consumes,
        body: givenText,
        response: { 200: explanation, ...refused },
      },
    },
    async ({ body }) => explanationOf(await readText(textOf(body), desk)),
  );
};

const textOf = (body: z.infer<typeof givenText>): string => (typeof body === 'string' ? body : body.text);
