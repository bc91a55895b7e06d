import { type Catalogue, errorsOf } from '#errors';

/** What can go wrong between one function and another. */
export const functionErrors = {
  WORKER_UNREACHABLE: {
    status: 503,
    title: { en: 'Worker not reachable', zh: '工作函数不可达' },
    message: {
      en: 'The {area} worker, which has to do this, did not answer.',
      zh: '负责此操作的 {area} 工作函数没有应答。',
    },
    remedy: {
      en: 'Try again. If it stays so, look at the {function} function: its log, its limits and the right to invoke it.',
      zh: '请重试。若仍如此，请检查函数 {function} 的日志、限额及调用权限。',
    },
  },
  WORKER_FAILED: {
    status: 502,
    title: { en: 'Worker failed', zh: '工作函数失败' },
    message: {
      en: 'The {area} worker, which has to do this, ended without an answer.',
      zh: '负责此操作的 {area} 工作函数未返回结果就结束了。',
    },
    remedy: {
      en: 'Try again. If it stays so, the log of the {function} function says why.',
      zh: '请重试。若仍如此，函数 {function} 的日志会说明原因。',
    },
  },
} as const satisfies Catalogue;

export const fail = errorsOf(functionErrors);
