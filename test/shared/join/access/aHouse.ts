import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createNet } from '#net';
import type { Row } from '#reconcile';
import { keys, MemoryTable, type Table } from '#store';
import type { Access, Visit } from '../../../../shared/join/access/access.ts';
import { createAccess } from '../../../../shared/join/access/createAccess.ts';
import { createMembershipSecrets } from '../../../../shared/join/access/sealed.ts';
import type { MembershipData, OpenedCredential, Sealed } from '../../../../shared/join/model.ts';
import { PushedClock } from '../../../fixtures/pushedClock.ts';
import { aController, type TestController } from '../../../infra/world/neuvector/aController.ts';
import { aVault } from '../../clusters/secret/aVault.ts';
import { aMembership } from './aMembership.ts';

export const right = 'a-good-password';
export const asAdmin = (password = right, username = 'admin'): OpenedCredential => ({
  type: 'password',
  username,
  password,
});
export const withKey = (secret = 's3cret', name = 'all'): OpenedCredential => ({
  type: 'apiKey',
  name,
  secret,
});

export const aStep = (): Visit => ({ kind: 'step', within: {} });
export const aScrape = (): Visit => ({ kind: 'scrape', within: {} });

/** A controller and what is stored of memberships at it; processes come and go. */
export async function aHouse(given: Parameters<typeof aController>[0] = {}) {
  const clock = new PushedClock();
  const controller = await aController({ ...given, clock });
  const table = new MemoryTable(() => clock.now());
  const counted: string[] = [];
  const partsOver = (over: Table) => ({
    table: over,
    vault: aVault(over, clock),
    net: createNet({ clock, allowLoopback: true }),
    clock,
    random: randomBytes,
    meter: {
      count: (family: string, labels: Record<string, string>) =>
        counted.push(`${family} ${Object.values(labels)}`),
      observe: () => undefined,
    },
    version: '0',
    kube: {
      with: () => Promise.reject(new Error('no clusters here')),
      close: async () => undefined,
    },
  });
  /** Another process. */
  function aProcess(over: Table = table): Access {
    const access = createAccess(partsOver(over));
    onTestFinished(() => access.close());
    return access;
  }
  const secrets = createMembershipSecrets(partsOver(table));
  async function store(row: Row<MembershipData>, sealed: Sealed): Promise<Row<MembershipData>> {
    const { id, data } = row;
    const slot = await secrets.seal(id, data.secretVersion, sealed);
    await table.update(keys.sideKey(id, 'slots'), { set: { of: id, [data.slot]: slot } });
    return row;
  }
  const address = addressOf(controller);
  const { ca } = controller;
  /** One at this controller. */
  const member = (credential: OpenedCredential, id = 'mem_1', version = 1) => {
    const sealed: Sealed = { controller: { ca, credential } };
    return store(aMembership({ id, address, sealed, version }), sealed);
  };
  const account = (user = 'admin') => {
    const found = controller.controller.accounts.signIns().find((one) => one.user === user);
    return found ?? { done: 0, refused: 0, isBlocked: false, sessions: 0 };
  };
  return { clock, controller, table, counted, parts: partsOver, aProcess, store, member, address, account };
}

export const addressOf = ({ port }: TestController): string => `127.0.0.1:${port}`;

/** What any user of a controller does. */
export const ask = async (access: Access, row: Row<MembershipData>, visit = aStep()): Promise<number> =>
  access.controller(row, visit, async ({ way, pass }) => {
    const { status } = await way.send({ path: '/v1/fed/member' }, pass);
    return status;
  });
