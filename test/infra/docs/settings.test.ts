import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingsTable } from '#settings';
import { withSettings } from '../../../infra/docs/settingsTable.ts';

const readme = readFileSync('README.md', 'utf8');

it('README’s settings table is current: npm run docs:settings', () => {
  expect(withSettings(readme)).toBe(readme);
  for (const { name } of Object.values(settingsTable)) expect(readme).toContain(`| \`${name}\` |`);
});

it('every setting has its help in both languages', () => {
  for (const { help } of Object.values(settingsTable)) {
    expect(help.en).toMatch(/^[A-Z].*\.$/);
    expect(help.zh).toMatch(/[\u4e00-\u9fff].*。$/);
  }
});
