import type { Catalogue } from '#errors';

const unsettled = {
  en: 'Correct the environment and start Drover anew; README’s table of these settings says what each may be. Unlike earlier programs Drover verifies certificates: a self-signed one of the controller needs CTRL_CA or CTRL_FINGERPRINT.',
  zh: '请更正环境变量并重新启动 Drover；README 的设置表说明了每项的取值。与早期程序不同，Drover 会校验证书：控制器使用自签名证书时须设置 CTRL_CA 或 CTRL_FINGERPRINT。',
};

/** Why the membership that the environment describes is paused, or was not made. */
export const joinSettingsErrors = {
  SETTINGS_INCOMPLETE: {
    status: 422,
    title: { en: 'The settings are not complete', zh: '设置不完整' },
    message: {
      en: 'The settings of the controller cannot be used: {faults}.',
      zh: '控制器的设置无法使用：{faults}。',
    },
    remedy: unsettled,
  },
  SETTINGS_GONE: {
    status: 422,
    title: { en: 'The settings are gone', zh: '设置已移除' },
    message: {
      en: 'This membership was made from the environment, which no longer has CTRL_API_SERVICE.',
      zh: '该成员由环境变量创建，而环境中已没有 CTRL_API_SERVICE。',
    },
    remedy: {
      en: 'Set CTRL_API_SERVICE and the others again, or delete the membership.',
      zh: '请重新设置 CTRL_API_SERVICE 等变量，或删除该成员。',
    },
  },
} as const satisfies Catalogue;
