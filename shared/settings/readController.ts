import { type ControllerSettings, controllerTable } from './controllerTable.ts';
import { type Fault, readTable } from './readTable.ts';
import type { ControllerGiven, Setting } from './table.ts';

/** What is given of the one controller, and all that cannot be read of it. Throws nothing. */
export function readController(given: ControllerGiven): { found: ControllerSettings; faults: Fault[] } {
  const { found, faults } = readTable(given, controllerTable);
  return { found: found as ControllerSettings, faults };
}

type Row = [keyof ControllerSettings, Setting<unknown, undefined>];
const rows = Object.entries(controllerTable) as Row[];

type Shown = string | number | boolean;

/** By name, what was given and may be shown to whoever may see settings. */
export function shownController(given: ControllerGiven): Record<string, Shown> {
  const { found } = readController(given);
  return Object.fromEntries(
    rows.flatMap(([key, { name, isSecret }]) => {
      const value = found[key];
      return isSecret || given[name] === undefined || value === undefined ? [] : [[name, shown(value)]];
    }),
  );
}

/** A query may hold a key. */
const shown = (value: Shown): Shown =>
  typeof value === 'string' && value.startsWith('https://') ? value.replace(/\?.*/, '?…') : value;
