import { errorsOf } from '#errors';

export const notifyErrors = {
  DELIVERY_NOT_FOUND: {
    status: 404,
    title: { en: 'No such delivery', zh: '投递不存在' },
    message: {
      en: 'Webhook {webhook} has no delivery {delivery}. Deliveries are kept for 90 days.',
      zh: 'Webhook {webhook} 没有投递 {delivery}。投递记录保留 90 天。',
    },
    remedy: { en: 'List the deliveries of the webhook.', zh: '请查看该 webhook 的投递列表。' },
  },
  RECEIVER_REFUSED: {
    status: 502,
    title: { en: 'The receiver did not accept the event', zh: '接收方未接受事件' },
    message: {
      en: 'The receiver answered {status} where 2xx was expected.',
      zh: '接收方返回 {status}，应为 2xx。',
    },
    remedy: {
      en: 'Look at the log of the receiver; 401 and 403 mostly mean that it checks the signature with another secret.',
      zh: '请查看接收方日志；401 和 403 通常表示其使用了不同的密钥校验签名。',
    },
  },
  WEBHOOK_NOT_FOUND: {
    status: 404,
    title: { en: 'No such webhook', zh: 'webhook 不存在' },
    message: { en: 'There is no webhook {webhook} any more.', zh: 'webhook {webhook} 已不存在。' },
    remedy: { en: 'Create it again.', zh: '请重新创建。' },
  },
  WEBHOOK_PAUSED: {
    status: 409,
    title: { en: 'Webhook paused', zh: 'webhook 已暂停' },
    message: {
      en: 'Webhook {webhook} is paused: nothing is sent to it.',
      zh: 'webhook {webhook} 已暂停：不会向其发送任何内容。',
    },
    remedy: {
      en: 'Set paused to false first: PATCH /api/v1/webhooks/{webhook}.',
      zh: '请先将 paused 设为 false：PATCH /api/v1/webhooks/{webhook}。',
    },
  },
  EVENT_GONE: {
    status: 404,
    title: { en: 'The event is gone', zh: '事件已不存在' },
    message: { en: 'The event {event} is no longer kept.', zh: '事件 {event} 已不再保留。' },
    remedy: { en: 'Events are kept for 90 days.', zh: '事件保留 90 天。' },
  },
} as const;

export const notifyError = errorsOf(notifyErrors);
