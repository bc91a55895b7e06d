import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CoreData, coreArea, type TokenData, type WebhookData } from '#core';
import type { Row } from '#reconcile';
import { minute } from '#time';

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);
const now = at('10:00:00');

const aToken = (more: Partial<TokenData> = {}): TokenData => ({
  kind: 'token',
  state: 'active',
  since: at('09:00:00'),
  description: '',
  role: 'viewer',
  selector: null,
  secrets: [{ sha256: 'new', expiresAt: null }],
  expiresAt: null,
  rotatedAt: null,
  rotations: 0,
  overlapEndsAt: null,
  ...more,
});

const aWebhook = (more: Partial<WebhookData> = {}): WebhookData => ({
  kind: 'webhook',
  state: 'active',
  since: at('09:00:00'),
  url: 'https://pager.example',
  events: ['*'],
  selector: null,
  secrets: [{ sealed: 'new', expiresAt: null }],
  rotatedAt: null,
  ...more,
});

const row = (data: CoreData, more: Partial<Row<CoreData>> = {}): Row<CoreData> => ({
  id: 'tok_1',
  kind: data.kind,
  name: 'one',
  labels: {},
  version: 1,
  createdAt: 0,
  updatedAt: 0,
  deletedAt: undefined,
  everySeconds: 0,
  attempt: 0,
  trouble: undefined,
  data,
  ...more,
});

const decide = (one: Row<CoreData>, when = now) =>
  coreArea.decide(one, null, [], { now: when, random: 0.5, isNew: false });

describe('a core record', () => {
  const old = { sha256: 'old', expiresAt: at('10:30:00') };
  const both = [{ sha256: 'new', expiresAt: null }, old];

  test.each<[string, CoreData, unknown]>([
    ['a token without an end rests', aToken(), { next: { kind: 'rest' }, events: [] }],
    [
      'a token that ends is looked at then',
      aToken({ expiresAt: at('11:00:00') }),
      { next: { kind: 'at', at: at('11:00:00'), lane: 'slow' }, data: { state: 'active' } },
    ],
    [
      'a token at its end has expired, and says so',
      aToken({ expiresAt: now }),
      {
        next: { kind: 'rest' },
        data: { state: 'expired', since: now },
        events: [{ type: 'token.expired', from: 'active', to: 'expired' }],
      },
    ],
    [
      'a token that has expired says so once',
      aToken({ state: 'expired', expiresAt: at('09:30:00') }),
      { events: [], data: { state: 'expired', since: at('09:00:00') } },
    ],
    [
      'an overlap is looked at when it ends, before the token does',
      aToken({ secrets: both, expiresAt: at('11:00:00') }),
      { next: { kind: 'at', at: at('10:30:00') }, data: { secrets: both } },
    ],
    [
      'a secret whose overlap is over is forgotten',
      aToken({ secrets: [both[0]!, { ...old, expiresAt: now }] }),
      { next: { kind: 'rest' }, data: { secrets: [both[0]] } },
    ],
    [
      'so is a webhook’s',
      aWebhook({
        secrets: [
          { sealed: 'new', expiresAt: null },
          { sealed: 'old', expiresAt: now },
        ],
      }),
      { next: { kind: 'rest' }, data: { secrets: [{ sealed: 'new' }] } },
    ],
    [
      'a setting rests',
      { kind: 'setting', state: 'active', since: now, value: 3 },
      { next: { kind: 'rest' } },
    ],
  ])('%s', (_what, data, plan) => {
    expect(decide(row(data))).toMatchObject(plan as object);
  });

  test('goes when its end was asked for: nothing of it is outside', () => {
    for (const data of [aToken(), aWebhook()]) {
      expect(decide(row(data, { deletedAt: now }))).toMatchObject({ next: { kind: 'gone' } });
    }
  });

  test('is never asked for a time that has passed, and deciding again changes nothing', () => {
    const times = fc.option(fc.integer({ min: now - 60 * minute, max: now + 60 * minute }), { nil: null });
    fc.assert(
      fc.property(times, times, times, (expiresAt, first, second) => {
        const data = aToken({
          expiresAt,
          secrets: [
            { sha256: 'a', expiresAt: first },
            { sha256: 'b', expiresAt: second },
          ],
        });
        const plan = decide(row(data));
        if (plan.next.kind === 'at') expect(plan.next.at).toBeGreaterThan(now);
        const again = decide(row(plan.data));
        expect(again.data).toEqual(plan.data);
        expect(again.events).toEqual([]);
      }),
      { seed: 1 },
    );
  });

  test('shows neither hashes nor sealed secrets, in any of its faces', () => {
    for (const data of [aToken({ secrets: both }), aWebhook()]) {
      const faces = [coreArea.present(row(data)), coreArea.told(row(data)), coreArea.summarise(row(data))];
      expect(JSON.stringify(faces)).not.toMatch(/sha256|sealed|"new"|"old"/);
    }
  });

  test.each([
    ['token', { kind: 'webhook' }],
    ['token', aWebhook()],
    ['token', { ...aToken(), role: 'root' }],
    ['token', null],
    ['setting', { kind: 'setting', state: 'active', since: 0, value: { a: 1 } }],
  ])('that is no %s is not read as one: %j', (kind, stored) => {
    expect(() => coreArea.read(stored, 1, kind)).toThrow();
  });
});
