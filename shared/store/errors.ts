import { errorsOf } from '#errors';

export const storeErrors = {
  CURSOR_INVALID: {
    status: 400,
    title: { en: 'The cursor is not valid', zh: '游标无效' },
    message: {
      en: 'The cursor is not one that this list has given out, belongs to another filter or sort, or is more than a day old.',
      zh: '该游标不是此列表给出的,或属于其他筛选条件或排序,或已超过一天。',
    },
    remedy: {
      en: 'Ask for the list again without a cursor, and follow `next` with filter and sort unchanged.',
      zh: '请不带游标重新请求列表,并在筛选条件和排序不变的情况下使用 `next` 继续。',
    },
  },
} as const;

export const storeFailure = errorsOf(storeErrors);
