export { readSettings } from './readSettings.ts';
export { type Chosen, type Setting, type Settings, settingsTable } from './table.ts';
