import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PapertapeAdmin } from '../../admin-api/sdk/index.ts';
import { type Steered, steered } from '../helpers/admin.ts';

interface Schema {
  readonly [keyword: string]: unknown;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema?: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema?: Schema }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema?: Schema }> }>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}
interface Call extends Operation {
  readonly method: string;
  readonly path: string;
}

/** How long any answer may take, on a slow machine. */
const deadline = 20_000;

async function documentOf({ admin }: Steered): Promise<Document> {
  const document: Document = JSON.parse(await (await fetch(`${admin.url}/openapi.json`)).text());
  return document;
}

const callsOf = ({ paths }: Document): Call[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );

test('the document is OpenAPI 3.1: every operation has a name of its own, a sentence, its parameters and answers', async () => {
  await using desk = await steered();
  const document = await documentOf(desk);
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info).toMatchObject({ title: 'Papertape admin API', version: 'test' });
  const calls = callsOf(document);
  expect(new Set(calls.map(({ operationId }) => operationId)).size).toBe(calls.length);
  for (const { operationId, summary, tags, path, parameters = [], responses } of calls) {
    expect(summary, operationId).toMatch(/\S/);
    expect(tags, operationId).toHaveLength(1);
    const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
    expect(inPath.toSorted(), operationId).toEqual(placeholders.toSorted());
    expect(
      Object.keys(responses).some((status) => /^(?:101|[23])/.test(status)),
      operationId,
    ).toBe(true);
  }
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'doc', ...document });
  for (const name of Object.keys(document.components.schemas)) {
    expect(() => ajv.compile({ $ref: `doc#/components/schemas/${name}` }), name).not.toThrow();
  }
});

test('the SDK has a method for every operation, of its name, and no other', async () => {
  await using desk = await steered();
  const names = callsOf(await documentOf(desk)).map(({ operationId }) => operationId);
  const methods = new Set<string>();
  for (let type: unknown = PapertapeAdmin.prototype; type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    for (const name of Object.getOwnPropertyNames(type)) methods.add(name);
  }
  // getReport is getVerdict in other formats.
  for (const name of ['constructor', 'getReport']) methods.delete(name);
  expect([...methods].toSorted()).toEqual(names.toSorted());
});

/** Values that a schema describes, and some that it does not. */
function arbitraryOf(schema: Schema | undefined, { components }: Document, depth = 0): fc.Arbitrary<unknown> {
  const given = schema ?? {};
  const { $ref, anyOf, type, properties, required, examples } = given;
  const inner = (one: unknown): fc.Arbitrary<unknown> =>
    arbitraryOf(isSchema(one) ? one : {}, { ...blank, components }, depth + 1);
  const odd = fc.oneof(
    fc.constant(null),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('../x', '\0', '__proto__'),
  );
  if (depth > 6) return odd;
  const likely = ((): fc.Arbitrary<unknown> => {
    if (typeof $ref === 'string') return inner(components.schemas[$ref.split('/').at(-1) ?? '']);
    if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(inner));
    if (Array.isArray(given['enum'])) return fc.constantFrom(...given['enum']);
    if ('const' in given) return fc.constant(given['const']);
    if (Array.isArray(examples) && examples.length > 0 && type !== 'object')
      return fc.oneof(fc.constantFrom(...examples), fc.string());
    if (type === 'integer') return fc.oneof(fc.nat(1000), fc.integer());
    if (type === 'number') return fc.oneof(fc.constantFrom(0.1, 1, 10), fc.double({ noNaN: true }));
    if (type === 'boolean') return fc.boolean();
    if (type === 'array') return fc.array(inner(given['items']), { maxLength: 4 });
    if (type === 'object' && isSchema(properties)) {
      const keys = Array.isArray(required) ? required.map(String) : [];
      const fields = Object.entries(properties).map(([name, one]) => [name, inner(one)] as const);
      return fc.record(Object.fromEntries(fields), { requiredKeys: keys });
    }
    return type === 'object' ? fc.dictionary(fc.string(), odd, { maxKeys: 3 }) : fc.string();
  })();
  return fc.oneof({ weight: 9, arbitrary: likely }, { weight: 1, arbitrary: odd });
}
const isSchema = (one: unknown): one is Schema => typeof one === 'object' && one !== null && !Array.isArray(one);
const blank: Omit<Document, 'components'> = { openapi: '', info: { title: '', version: '' }, paths: {} };

test('whatever is asked of any operation is answered in time, as the document says, and never with a 5xx of ours', async () => {
  await using desk = await steered();
  const { admin, api } = desk;
  const document = await documentOf(desk);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'doc', ...document });
  await api.createRun({
    id: 'bystander',
    scenario: { tapes: [{ synthetic: { symbols: ['IBM'] } }], replay: { startOn: 'command' } },
  });
  const before = await api.getRun('bystander');
  // It would end the bystander, and streams have no end.
  const left = new Set(['reset', 'streamJournal']);
  const named = fc.constantFrom(
    'default',
    'ci',
    'open-2026-07-01.ndjson.gz',
    'none',
    'a b',
    '%00',
    '../x',
    'x'.repeat(400),
  );
  for (const call of callsOf(document).filter(({ operationId }) => !left.has(operationId))) {
    const { method, path, operationId, parameters = [], requestBody, responses } = call;
    const body = requestBody?.content['application/json']?.schema;
    const query = parameters.filter((one) => one.in === 'query');
    const asked = fc.record({
      names: fc.array(named, { minLength: 3, maxLength: 3 }),
      query: fc.record(Object.fromEntries(query.map(({ name, schema }) => [name, arbitraryOf(schema, document)])), {
        requiredKeys: [],
      }),
      body: body === undefined ? fc.constant(undefined) : arbitraryOf(body, document),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ names, query: said, body: sent }) => {
        let used = 0;
        const at = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(names[used++] ?? 'none'));
        const search = new URLSearchParams();
        for (const [key, value] of Object.entries(said)) search.set(key, String(value));
        const answer = await fetch(`${admin.url}${at}?${search.toString()}`, {
          method,
          ...(sent === undefined
            ? {}
            : { body: JSON.stringify(sent), headers: { 'content-type': 'application/json' } }),
          signal: AbortSignal.timeout(deadline),
          redirect: 'manual',
        });
        const text = await answer.text();
        const where = `${operationId} ${at} ${answer.status} ${text.slice(0, 300)}`;
        expect(answer.status === 503 || answer.status < 500, where).toBe(true);
        const type = answer.headers.get('content-type') ?? '';
        if (!type.includes('json')) return;
        if (answer.status >= 400) expect(type, where).toContain('application/problem+json');
        const told = responses[answer.status]?.content?.['application/json']?.schema;
        const schema = told ?? (answer.status >= 400 ? { $ref: '#/components/schemas/Problem' } : {});
        const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')));
        expect(check(JSON.parse(text)), `${where} ${ajv.errorsText(check.errors)}`).toBe(true);
      }),
      { numRuns: 8 },
    );
  }
  expect(await api.getRun('bystander')).toEqual(before);
}, 240_000);
