import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { controllerTable, settingsTable } from '#settings';

import { withSettings } from '../../../infra/docs/settingsTable.ts';

const all = [...Object.values(settingsTable), ...Object.values(controllerTable)];
const readme = readFileSync('README.md', 'utf8');

it('README’s settings table is current: npm run docs:settings', () => {
  expect(withSettings(readme)).toBe(readme);
  for (const { name } of all) expect(readme).toContain(`| \`${name}\` |`);
});

it('every setting has its help in both languages', () => {
  for (const { help } of all) {
    expect(help.en).toMatch(/^[A-Z].*\.$/);
    expect(help.zh).toMatch(/[\u4e00-\u9fff].*。$/);
  }
});
