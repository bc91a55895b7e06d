import { join } from 'node:path';
import { createVault, keyFile, kmsKeys, type Vault } from '#secrets';
import type { Drover } from './ports.ts';

/** Opens and seals what is stored: with KMS where it is set, else with a key file. */
export const vaultOf = ({ settings, table, clock }: Drover): Vault => {
  const { kmsKey, keyFile: path = join(settings.data, 'keys') } = settings;
  return createVault(table, kmsKey === undefined ? keyFile(path) : kmsKeys(kmsKey), clock);
};
