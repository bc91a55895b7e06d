export { type ControllerSettings, controllerTable } from './controllerTable.ts';
export { readController, shownController } from './readController.ts';
export { readSettings } from './readSettings.ts';
export { type Fault, isReference, sayFaults } from './readTable.ts';
export { type Chosen, type ControllerGiven, type Setting, type Settings, settingsTable } from './table.ts';
