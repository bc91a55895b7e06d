// What takes long to load, and is not needed before the emulator is on its way.
export { createTable } from '../aws/createTable.ts';
export { bundleLocally } from '../build/bundle.ts';
export { localAdministrator } from './administrator.ts';
export { keepSwept } from './sweepExpired.ts';
