export { secretErrors } from './errors.ts';
export { keyFile } from './keyFile.ts';
export { kmsKeys } from './kms.ts';
export { createVault, type Owner, type Vault } from './vault.ts';
export type { KeyKeeper, NewDataKey } from './wrapping.ts';
