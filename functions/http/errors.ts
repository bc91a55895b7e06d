import { type Catalogue, errorsOf } from '#errors';

/** What can be wrong with a request as such, whatever the area. */
export const httpErrors = {
  ROUTE_UNKNOWN: {
    status: 404,
    title: { en: 'No such route', zh: '没有此路径' },
    message: { en: 'Nothing is served at this path.', zh: '此路径没有任何内容。' },
    remedy: { en: 'See /docs for all routes.', zh: '所有路径见 /docs。' },
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: { en: 'Method not allowed', zh: '方法不被允许' },
    message: {
      en: '{method} is not offered here; {allow} are.',
      zh: '此处不支持 {method}，支持的方法有 {allow}。',
    },
    remedy: {
      en: 'Use one of the methods in the Allow header.',
      zh: '请使用 Allow 响应头中列出的方法。',
    },
  },
  INTERNAL: {
    status: 500,
    title: { en: 'Internal error', zh: '内部错误' },
    message: { en: 'Something failed inside Drover.', zh: 'Drover 内部出错。' },
    remedy: {
      en: 'Try again. If it stays, look for the request id in the logs and report it.',
      zh: '请重试。如仍失败，请用请求 id 在日志中查找并报告。',
    },
  },
  STORE_UNANSWERED: {
    status: 503,
    title: { en: 'Store not answering', zh: '存储无响应' },
    message: {
      en: 'The store did not answer; whether a write took effect is not known.',
      zh: '存储没有响应；写入是否生效未知。',
    },
    remedy: {
      en: 'Read the record again, then repeat the request, with the same Idempotency-Key if it is a POST.',
      zh: '请重新读取记录后再重试；POST 请求请使用相同的 Idempotency-Key。',
    },
  },
} as const satisfies Catalogue;

export const httpError = errorsOf(httpErrors);
