// What takes long to load, and is not needed before the emulator is on its way.
export { createTable } from '../aws/createTable.ts';
export { bundleLocally } from '../build/bundle.ts';
export { localAdministrator } from './administrator.ts';
export { serveExporter } from './exporter.ts';
export { localCouriers } from './localCouriers.ts';
export { keepSwept } from './sweepExpired.ts';
