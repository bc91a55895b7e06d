import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { pureTypeErrors } from '../../infra/lint/pureTypes.ts';
import { areas, importBreaches } from '../../infra/lint/rules.ts';
import { readSource } from '../../infra/lint/source.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const planted: string[] = [];
afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A tree of our own shape in which these files are the only ones. */
function plant(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-check-'));
  planted.push(folder);
  for (const file of [
    'package.json',
    'tsconfig.json',
    'tsconfig.pure.json',
    'biome.json',
    'infra/lint/pure.grit',
  ]) {
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
  return folder;
}

const breachesIn = (files: Record<string, string>) => importBreaches(readSource(plant(files)));

/** What a command says, and whether it was content. */
async function check(folder: string, script: string, ...given: string[]) {
  try {
    const { stdout, stderr } = await run(process.execPath, [join(root, script), ...given], { cwd: folder });
    return { content: true, said: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { content: false, said: stdout + stderr };
  }
}

const lint = (files: Record<string, string>) =>
  check(plant(files), 'node_modules/@biomejs/biome/bin/biome', 'lint', '--vcs-enabled=false');

test('this tree keeps the rules', () => {
  expect(importBreaches(readSource(root))).toEqual([]);
});

test('a breach fails the check', async () => {
  const folder = plant({ 'shared/join/decide.ts': `import 'node:fs';\nexport const found = process.env;\n` });
  const { content, said } = await check(folder, 'infra/lint/check.ts', folder);
  expect(content).toBe(false);
  expect(said).toContain(`shared/join/decide.ts:1 imports 'node:fs' (pure): `);
  expect(said).toContain('shared/join/decide.ts(2,22): error');
  expect(said).toContain('3 against the rules');
});

test.each([
  ['one way', 'shared/net/dial.ts', `import { drover } from '../../functions/ports.ts';`],
  ['one way', 'shared/net/dial.ts', `import type { Drover } from '../../functions/ports.ts';`],
  ['one way', 'shared/net/dial.ts', `const { bundle } = await import('../../infra/build/bundle.ts');`],
  ['one way', 'shared/net/dial.ts', `export { page } from '../../console/page.ts';`],
  ['functions stand alone', 'functions/api.ts', `import { plant } from '../infra/world/plant.ts';`],
  ['services know no areas', 'shared/net/dial.ts', `import { cluster } from '#core';`],
  ['services know no areas', 'shared/net/dial.ts', `import { cluster } from '../clusters/model.ts';`],
  ['by name across folders', 'shared/clusters/act.ts', `import { dial } from '../net/dial.ts';`],
  ['by name across folders', 'functions/api.ts', `import { dial } from '../shared/net/dial.ts';`],
  ['by file within a folder', 'shared/net/dial.ts', `import { vet } from '#net';`],
  ['by file within a folder', 'shared/net/dial.ts', `import { vet } from './index.ts';`],
  ['through the client', 'console/page.ts', `import { decide } from '#reconcile';`],
  ['through the client', 'cli/join.ts', `import { decide } from '../shared/join/decide.ts';`],
  ['pure', 'shared/join/decide.ts', `import { randomBytes } from 'node:crypto';`],
  ['pure', 'shared/join/decide.ts', `import { GetItemCommand } from '@aws-sdk/client-dynamodb';`],
  ['pure', 'shared/join/decide.ts', `import { Agent } from 'undici';`],
  ['pure', 'shared/join/decide.ts', `import { keys } from '#store';`],
  ['pure', 'shared/join/decide.ts', `import { dial } from '#net';`],
  ['pure', 'shared/join/decide.ts', `import { createLog } from '#log';`],
  ['pure', 'shared/join/decide.ts', `import { minute, systemClock } from '#time';`],
  ['pure', 'shared/join/model.ts', `import { look } from './observe.ts';`],
])('the rule "%s" fires in %s at: %s', (rule, file, source) => {
  const found = breachesIn({ [file]: `${source}\n` });
  expect(found).toContainEqual(expect.stringContaining(`${file}:1 imports`));
  expect(found).toContainEqual(expect.stringContaining(`(${rule}): `));
});

test('what a pure file is made of must be pure as well', () => {
  const found = breachesIn({
    'shared/join/decide.ts': `export { waves } from './waves.ts';\n`,
    'shared/join/waves.ts': `import { randomBytes } from 'node:crypto';\n`,
  });
  expect(found).toEqual([expect.stringContaining(`shared/join/waves.ts:1 imports 'node:crypto' (pure)`)]);
});

test('what the rules allow passes', () => {
  const found = breachesIn({
    'functions/api.ts': `import { dial } from '#net';\n`,
    'shared/net/index.ts': `export { dial } from './dial.ts';\n`,
    'shared/net/dial.ts': `import { connect } from 'node:net';\nimport type { Row } from '#reconcile';\n`,
    'shared/join/model.ts': `import { z } from 'zod';\n`,
    'shared/join/decide.ts': `import { type Instant, minute } from '#time';\nimport { name } from './model.ts';\n`,
    'console/page.ts': `import { client } from '../client/client.ts';\n`,
  });
  expect(found).toEqual([]);
});

test('pure files know the language alone', async () => {
  const worldly = [
    'fetch("https://a")',
    'process.env',
    'setTimeout(() => {}, 1)',
    'performance.now()',
    'crypto.randomUUID()',
  ];
  const folder = plant({
    'shared/join/errors.ts': worldly.map((what, i) => `export const found${i} = ${what};\n`).join(''),
    'shared/join/decide.ts': 'export const decide = (at: number) => new Date(at + Math.max(1, 2));\n',
  });
  const found = await pureTypeErrors(folder, readSource(folder).pure);
  expect(found.map((fault) => fault.replace(/,.*/, ''))).toEqual(
    worldly.map((_, i) => `shared/join/errors.ts(${i + 1}`),
  );
});

test('pure files, and whole areas, read no clock and no chance', async () => {
  const breaches = {
    'shared/join/decide.ts': 'Date.now()',
    'shared/join/model.ts': 'new Date()',
    'shared/join/errors.ts': 'Date()',
    'shared/net/decide.ts': '[1].map(Math.random)',
    'shared/join/act.ts': 'Date.now()',
  };
  const { content, said } = await lint(
    Object.fromEntries(
      Object.entries(breaches).map(([file, read]) => [file, `export const read = ${read};\n`]),
    ),
  );
  expect(content).toBe(false);
  expect(said.match(/Pure files read no clock and no chance/g)).toHaveLength(5);
  for (const file of Object.keys(breaches)) expect(said).toContain(`${file}:1:`);
});

test('a date made of a given time is no clock', async () => {
  const day = 'export const day = (at: number) => new Date(at).toISOString();\n';
  expect(await lint({ 'shared/join/decide.ts': day })).toMatchObject({ content: true });
});

test('what decides is an area, and known as one: services may not import it', () => {
  const deciding = readdirSync(join(root, 'shared')).filter((folder) =>
    existsSync(join(root, 'shared', folder, 'decide.ts')),
  );
  expect(areas).toEqual(expect.arrayContaining(deciding));
});
