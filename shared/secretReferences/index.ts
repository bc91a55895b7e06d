export { readReference } from './reference.ts';
export { SecretReferences } from './secretReferences.ts';
