export { secretErrors } from './errors.ts';
export { addKey, keepKey, keyFile } from './keyFile.ts';
export { kmsKeys } from './kms.ts';
export {
  createRecordSecrets,
  type Opening,
  type RecordSecrets,
  type SealedRecord,
  type SecretKind,
  type SecretPorts,
} from './recordSecrets.ts';
export { itemsOf, recordShelf, type ShelvedRecords } from './recordShelf.ts';
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
