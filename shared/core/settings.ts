import type { By, Records } from '#reconcile';
import type { Instant } from '#time';
import type { CoreData, SettingData } from './model.ts';
import { type RuntimeSettingKey, type RuntimeSettings, runtimeSettings } from './runtimeSettings.ts';

/** The runtime settings as they are in force. A stored value that is no longer allowed counts as not set. */
export async function readRuntimeSettings(core: Records<CoreData>): Promise<RuntimeSettings> {
  const [tokenMaxDays, sessionHours] = await Promise.all([
    read(core, 'tokenMaxDays'),
    read(core, 'sessionHours'),
  ]);
  return {
    tokenMaxDays: tokenMaxDays as RuntimeSettings['tokenMaxDays'],
    sessionHours: sessionHours as RuntimeSettings['sessionHours'],
  };
}

async function read(core: Records<CoreData>, key: RuntimeSettingKey): Promise<unknown> {
  const setting = runtimeSettings[key];
  const row = await core.get(setting.name, 'setting');
  if (row?.data.kind !== 'setting') return setting.default;
  const value = setting.schema.safeParse(row.data.value);
  return value.success ? value.data : setting.default;
}

type Wish = { [Key in RuntimeSettingKey]?: RuntimeSettings[Key] | undefined };

/** One record per setting, made at its first change: two people who change two settings do not meet. */
export async function writeRuntimeSettings(
  core: Records<CoreData>,
  wish: Wish,
  now: Instant,
  by: By,
): Promise<void> {
  for (const [key, value] of Object.entries(wish) as [
    RuntimeSettingKey,
    SettingData['value'] | undefined,
  ][]) {
    if (value === undefined) continue;
    const { name } = runtimeSettings[key];
    const before = (await read(core, key)) as SettingData['value'];
    if (before === value) continue;
    const data: SettingData = { kind: 'setting', state: 'active', since: now, value };
    const told = { ...by, before: { [key]: before }, after: { [key]: value } };
    const created = await core.create({ kind: 'setting', name, labels: {}, data }, told);
    if (created.outcome === 'nameTaken') {
      const edit = () => ({ data, events: [{ type: 'setting.changed', data: { [key]: value } }] });
      await core.change(name, 'setting', edit, told);
    }
  }
}
