import { errorsOf } from '#errors';

export const labelErrors = {
  SELECTOR_INVALID: {
    status: 422,
    title: { en: 'The label selector is not valid', zh: '标签选择器无效' },
    message: {
      en: 'The selector was not understood at character {at}: found "{found}", expected {expected}.',
      zh: '选择器在第 {at} 个字符处无法解析：找到“{found}”，应为 {expected}。',
    },
    remedy: {
      en: 'Write it as kubectl takes it: region=eu,tier!=test,store in (a,b),!retired',
      zh: '请按 kubectl 的写法填写：region=eu,tier!=test,store in (a,b),!retired',
    },
  },
} as const;

export const labelError = errorsOf(labelErrors);
