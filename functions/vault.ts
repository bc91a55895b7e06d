import { join } from 'node:path';
import { createVault, type KeyKeeper, keyFile, kmsKeys, type Vault } from '#secrets';
import type { Settings } from '#settings';
import type { Drover } from './ports.ts';

/** Opens and seals what is stored: with KMS where it is set, else with a key file. */
export const vaultOf = ({ settings, table, clock }: Drover): Vault =>
  createVault(table, keeperOf(settings), clock);

export const keyFileOf = ({ data, keyFile: path = join(data, 'keys') }: Settings): string => path;

export const keeperOf = (settings: Settings): KeyKeeper =>
  settings.kmsKey === undefined ? keyFile(keyFileOf(settings)) : kmsKeys(settings.kmsKey);
