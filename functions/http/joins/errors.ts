import { type Catalogue, errorsOf } from '#errors';

/** What only the API says of memberships. */
export const joinHttpErrors = {
  PREFLIGHT_NOT_DONE: {
    status: 503,
    title: { en: 'Not looked at in time', zh: '未能及时检查' },
    message: {
      en: 'The time of this request was over before it was this one’s turn.',
      zh: '轮到此项之前，本次请求的时间已用完。',
    },
    remedy: { en: 'Send these again.', zh: '请重新发送这些项。' },
  },
  SCRAPE_LATE: {
    status: 504,
    title: { en: 'Metrics not collected in time', zh: '未能及时采集指标' },
    message: {
      en: 'The controller’s metrics were not collected within {seconds} s.',
      zh: '未能在 {seconds} 秒内采集到控制器的指标。',
    },
    remedy: {
      en: 'Give the scrape more time (scrape_timeout), or look with a preflight how long the controller takes.',
      zh: '请增大 scrape_timeout，或用预检查看控制器的响应时间。',
    },
  },
} as const satisfies Catalogue;

export const joinHttpError = errorsOf(joinHttpErrors);
