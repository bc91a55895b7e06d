export { secretErrors } from './errors.ts';
export { addKey, keepKey, keyFile } from './keyFile.ts';
export { kmsKeys } from './kms.ts';
export {
  type Anew,
  countKeys,
  type RotationNews,
  type RotationPorts,
  rotateKeys,
  type Shelf,
} from './rotateKeys.ts';
export { createVault, type Owner, type Vault } from './vault.ts';
export type { KeyKeeper, NewDataKey } from './wrapping.ts';
