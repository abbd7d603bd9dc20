import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { chosenExpectation, expectationKinds, expectationSchema } from '../../../server/expectations/index.ts';
import { jsonSchemaOf, type JsonSchema } from '../../../server/scenario/json-schema.ts';

const ajv = new Ajv({ strict: false, validateFormats: false });
const kinds = Object.entries(expectationKinds);

function settingsIn(schema: JsonSchema): JsonSchema[] {
  const { properties = {}, items, anyOf = [] } = schema;
  return [
    ...Object.values(properties).flatMap((child) => [child, ...settingsIn(child)]),
    ...(items === undefined ? [] : settingsIn(items)),
    ...anyOf.flatMap(settingsIn),
  ];
}

test.each(kinds)(
  'every example of %s is one, to an editor and to the server, and is told in a sentence',
  (name, { options }) => {
    const schema = jsonSchemaOf(options);
    const isValid = ajv.compile(schema);
    expect(schema.examples).not.toHaveLength(0);
    for (const example of schema.examples ?? []) {
      expect(isValid(example), ajv.errorsText(isValid.errors)).toBe(true);
      const { sentence } = chosenExpectation(expectationSchema.parse({ [name]: example }));
      expect(sentence).toMatch(/^[^A-Z].{15,}[^.]$/);
    }
  },
);

test.each(kinds)('every setting of %s has a title, a description and valid examples', (_, { options }) => {
  for (const setting of [jsonSchemaOf(options), ...settingsIn(jsonSchemaOf(options))]) {
    expect(setting).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    expect(setting.examples?.length).toBeGreaterThan(0);
    const isValid = ajv.compile(setting);
    for (const example of setting.examples ?? []) expect(isValid(example), JSON.stringify(example)).toBe(true);
  }
});

test.each<[string, object, string]>([
  ['two of them', { never: { of: 'login' }, connections: { atMost: 1 } }, 'must name exactly one'],
  ['none', {}, 'must name exactly one'],
  ['a misspelt one', { recconect: { within: '5s' } }, 'Unrecognized key'],
  ['a deed that is none', { never: { of: 'dance' } }, 'not a deed; use connect, login'],
  ['a broken pattern', { never: { of: { say: '(' } } }, 'not a regular expression'],
  ['no bound', { frames: { of: 'login' } }, 'has no bound; add atLeast or atMost'],
  ['bounds the wrong way round', { frames: { of: 'login', atLeast: 3, atMost: 2 } }, 'asks for more than it allows'],
  ['a backoff that asks for nothing', { backoff: {} }, 'asks for nothing; add floor, grows or jitter'],
  ['a column of no field', { posted: { file: 'x', columns: { prize: 'p' } } }, 'not a field of an event; use symbol'],
  ['a table without columns', { store: { url: 'postgres://x/y', table: 't' } }, 'say which column holds what'],
  ['a database of another make', { store: { url: 'mysql://x/y' } }, 'not a PostgreSQL URL'],
])('%s is refused with the way out', (_, must, complaint) => {
  const { error } = expectationSchema.safeParse(must);
  expect(error?.message).toContain(complaint);
});
