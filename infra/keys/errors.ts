import { type Catalogue, errorsOf } from '#errors';

export const keyErrors = {
  KEYS_ARGUMENT_UNKNOWN: {
    status: 500,
    title: { en: 'Unknown argument', zh: '未知参数' },
    message: {
      en: 'npm run keys:rotate does not know "{argument}".',
      zh: 'npm run keys:rotate 不认识参数 “{argument}”。',
    },
    remedy: {
      en: 'It takes --dry-run (only count) and --settle-seconds N (how long to wait beside a running Drover: 600), after a --.',
      zh: '可用参数（写在 -- 之后）：--dry-run（只统计）、--settle-seconds N（与运行中的 Drover 并行时的等待秒数，默认 600）。',
    },
  },
  KEYS_NO_STORE: {
    status: 500,
    title: { en: 'The table cannot be found', zh: '找不到数据表' },
    message: {
      en: 'A Drover is running on the data folder {folder}, and does not say where its table is.',
      zh: '数据目录 {folder} 上正在运行 Drover，但无法得知其数据表的地址。',
    },
    remedy: {
      en: 'Wait until it has started, or end it and try again.',
      zh: '请等待其启动完成，或将其停止后重试。',
    },
  },
} as const satisfies Catalogue;

export const keyError = errorsOf(keyErrors);
