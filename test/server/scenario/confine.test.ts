import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectationKinds } from '../../../server/expectations/index.ts';
import { reachingExpectations } from '../../../server/scenario/confine.ts';
import { sources } from '../../../server/sources/index.ts';

test('every expectation that looks at files or databases is out of reach for scenarios of the admin API', () => {
  const folder = 'server/expectations';
  const reaching = Object.keys(expectationKinds).filter((name) => {
    const plain = `${folder}/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const isFolder = statSync(plain, { throwIfNoEntry: false })?.isDirectory() === true;
    const files = isFolder ? readdirSync(plain).map((file) => `${plain}/${file}`) : [`${plain}.ts`];
    return files.some((file) => /'node:(?!util)|session\.ts'/.test(readFileSync(file, 'utf8')));
  });
  expect(reaching.toSorted()).toEqual([...reachingExpectations].toSorted());
});

test('every kind of tape is known to be within the confines or out of reach', () => {
  expect(Object.keys(sources)).toEqual(['synthetic', 'file', 'postgres']);
});
