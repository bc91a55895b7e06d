export {
  type Administrator,
  type AdministratorParts,
  ensureAdministrator,
  signInPath,
} from './administrator.ts';
export { coreArea } from './area.ts';
export { answerCoreCall } from './calls.ts';
export { coreErrors } from './errors.ts';
export type { CoreData, SettingData, TokenData, WebhookData } from './model.ts';
export { type RuntimeSettings, runtimeSettings, runtimeSettingsSchema } from './runtimeSettings.ts';
export { lastUses, readRuntimeSettings, tokenShelf, usedSide } from './store.ts';
export { newToken, rotated } from './tokens.ts';
