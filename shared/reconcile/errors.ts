import { errorsOf } from '#errors';

export const reconcileErrors = {
  RECORD_UNREADABLE: {
    status: 500,
    title: { en: 'Stored record cannot be read', zh: '无法读取已存储的记录' },
    message: {
      en: 'The record {id} is stored in a form that this version of Drover cannot read: {reason}',
      zh: '记录 {id} 的存储格式无法被当前版本的 Drover 读取：{reason}',
    },
    remedy: {
      en: 'Run the version of Drover that wrote it, or newer. The record is left as it is.',
      zh: '请运行写入该记录的 Drover 版本或更新版本。该记录保持原样，未被改动。',
    },
  },
  RECORD_BUSY: {
    status: 503,
    title: { en: 'Record is being written by others', zh: '记录正被其他写入占用' },
    message: {
      en: 'Other writes to {id} came first each time it was tried.',
      zh: '每次尝试写入 {id} 时都有其他写入抢先。',
    },
    remedy: { en: 'Try again in a moment.', zh: '请稍后重试。' },
  },
  STORE_UNAVAILABLE: {
    status: 503,
    title: { en: 'Store did not answer', zh: '存储未响应' },
    message: {
      en: 'The store did not answer, so it is not known whether the change was made.',
      zh: '存储未响应，因此无法确定更改是否已生效。',
    },
    remedy: {
      en: 'Read the record, then repeat the request with the same Idempotency-Key.',
      zh: '请先读取该记录，然后使用相同的 Idempotency-Key 重复请求。',
    },
  },
} as const;

export const fail = errorsOf(reconcileErrors);
