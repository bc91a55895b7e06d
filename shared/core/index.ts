export {
  type Administrator,
  type AdministratorParts,
  ensureAdministrator,
  signInPath,
} from './administrator.ts';
export { coreArea } from './area.ts';
export { type AuditPage, type AuditPlace, type AuditQuery, type KeptAudit, readAudit } from './audit.ts';
export { answerCoreCall } from './calls.ts';
export { coreErrors } from './errors.ts';
export type { CoreData, SettingData, TokenData, WebhookData } from './model.ts';
export { type RuntimeSettings, runtimeSettings, runtimeSettingsSchema } from './runtimeSettings.ts';
export { readRuntimeSettings, writeRuntimeSettings } from './settings.ts';
export { lastUses, tokenShelf, usedSide } from './store.ts';
export { newToken, rotated } from './tokens.ts';
export { changedWebhook, newWebhook, rotatedWebhook } from './webhooks.ts';
