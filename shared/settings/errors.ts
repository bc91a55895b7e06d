import { errorsOf } from '#errors';

export const settingsErrors = {
  SETTINGS_INVALID: {
    status: 500,
    title: { en: 'Settings are not valid', zh: '设置无效' },
    message: { en: 'Settings cannot be used: {faults}.', zh: '设置无法使用：{faults}。' },
    remedy: {
      en: 'Correct them in the environment; the settings table in README.md says what each may be.',
      zh: '请在环境变量中更正；README.md 的设置表说明了每项的取值。',
    },
  },
} as const;

export const fail = errorsOf(settingsErrors);
