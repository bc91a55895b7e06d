export { askForSecret, askForTest, type TestResult } from './calls.ts';
export { type Delivery, notifyDueAreas, type Try } from './delivery.ts';
export { notifyErrors } from './errors.ts';
export { type DeliveryPage, listDeliveries, resend } from './manage.ts';
export { createNotify, type Notify, type NotifyPorts } from './notify.ts';
export { refOf as eventRef } from './parts.ts';
export { ownerOf as ownerOfWebhookSecret } from './post.ts';
export type { SealedSecret, Subscription, Subscriptions } from './subscription.ts';
