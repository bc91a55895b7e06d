export { checkStored } from './checkStored.ts';
export { prepareSecret } from './prepareSecret.ts';
export { validateConnection } from './validateConnection.ts';
