import type { Instant } from '#time';
import type { WebhookData } from './model.ts';

export interface WebhookWish {
  url: string;
  events: string[];
  selector: string | null;
  paused: boolean;
}

export function newWebhook({ paused, ...wish }: WebhookWish, sealed: string, now: Instant): WebhookData {
  const state = paused ? 'paused' : 'active';
  return {
    kind: 'webhook',
    state,
    since: now,
    ...wish,
    secrets: [{ sealed, expiresAt: null }],
    rotatedAt: null,
  };
}

type Change = { [Field in keyof WebhookWish]?: WebhookWish[Field] | undefined };

export function changedWebhook(data: WebhookData, change: Change, now: Instant): WebhookData {
  const { url = data.url, events = data.events, selector = data.selector } = change;
  const state = (change.paused ?? data.state === 'paused') ? 'paused' : 'active';
  return { ...data, url, events, selector, state, since: state === data.state ? data.since : now };
}

/** Deliveries are signed with both secrets while they overlap, so that the receiver may change over when it likes. */
export function rotatedWebhook(
  data: WebhookData,
  sealed: string,
  overlapSeconds: number,
  now: Instant,
): WebhookData {
  const endAt = now + overlapSeconds * 1000;
  const inUse = data.secrets.slice(0, 1).map((secret) => ({ ...secret, expiresAt: endAt }));
  const secrets = [{ sealed, expiresAt: null }, ...(overlapSeconds > 0 ? inUse : [])];
  return { ...data, secrets, rotatedAt: now };
}
