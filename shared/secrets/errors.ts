import { errorsOf } from '#errors';

export const secretErrors = {
  SECRET_UNREADABLE: {
    status: 500,
    title: { en: 'A stored secret cannot be opened', zh: '无法打开已存储的秘密' },
    message: {
      en: 'The secret of {id}, version {version}, is damaged or was sealed for another record.',
      zh: '{id} 版本 {version} 的秘密已损坏，或是为其他记录加密的。',
    },
    remedy: {
      en: 'Store the secret again. If many are concerned, check that the table and the keys belong together.',
      zh: '请重新存储该秘密。若涉及多条记录，请检查数据表与密钥是否匹配。',
    },
  },
  KEY_UNKNOWN: {
    status: 500,
    title: { en: 'The key is not here', zh: '缺少密钥' },
    message: {
      en: 'A secret was sealed with key {key}, which {source} does not have.',
      zh: '秘密由密钥 {key} 加密，而 {source} 中没有该密钥。',
    },
    remedy: {
      en: 'Bring the key file of that time back (DROVER_KEY_FILE), or set DROVER_KMS_KEY to the key of that time.',
      zh: '请恢复当时的密钥文件（DROVER_KEY_FILE），或将 DROVER_KMS_KEY 设为当时的密钥。',
    },
  },
  DATA_KEY_DAMAGED: {
    status: 500,
    title: { en: 'A data key is damaged', zh: '数据密钥已损坏' },
    message: {
      en: 'The data key of {scope} does not open with key {key}.',
      zh: '{scope} 的数据密钥无法用密钥 {key} 打开。',
    },
    remedy: {
      en: 'The table or the key file was changed by hand: restore the one that was.',
      zh: '数据表或密钥文件被手动改动过：请恢复原来的内容。',
    },
  },
  KEY_FILE_INVALID: {
    status: 500,
    title: { en: 'The key file is not valid', zh: '密钥文件无效' },
    message: {
      en: 'The key file cannot be used: {reason}.',
      zh: '密钥文件无法使用：{reason}。',
    },
    remedy: {
      en: 'Each line is a name and 32 bytes in base64; the first line is used for new secrets. Restore the file from a backup; a new one cannot open what was sealed before.',
      zh: '每行是一个名称和 32 字节的 base64；第一行用于新的秘密。请从备份恢复；新文件无法打开此前加密的内容。',
    },
  },
  KEY_SERVICE_REFUSED: {
    status: 500,
    title: { en: 'KMS refused', zh: 'KMS 拒绝了请求' },
    message: { en: 'KMS refused {operation} ({reason}).', zh: 'KMS 拒绝了 {operation}（{reason}）。' },
    remedy: {
      en: 'Check that the key of DROVER_KMS_KEY is enabled and that this function may use it.',
      zh: '请检查 DROVER_KMS_KEY 指定的密钥已启用，且该函数有权使用它。',
    },
  },
  KEY_SERVICE_UNANSWERED: {
    status: 503,
    title: { en: 'KMS did not answer', zh: 'KMS 没有响应' },
    message: {
      en: 'KMS did not answer {operation} ({reason}).',
      zh: 'KMS 没有响应 {operation}（{reason}）。',
    },
    remedy: { en: 'Try again. Check the route to KMS.', zh: '请重试，并检查到 KMS 的网络。' },
  },
} as const;

export const secretError = errorsOf(secretErrors);
