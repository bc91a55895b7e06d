import type { Row } from '#reconcile';
import type { MembershipData, Sealed } from '../../../../shared/join/model.ts';
import { newMembership } from '../../../../shared/join/wishes.ts';

const at = Date.parse('2026-03-01T10:00:00Z');

/** A membership for metrics alone, at that address. */
export function aMembership({
  id = 'mem_1',
  address = '10.20.0.5:10443',
  sealed,
  primary,
  version = 1,
}: {
  id?: string;
  address?: string;
  sealed: Sealed;
  /** The address of its primary's REST API. */
  primary?: string;
  version?: number;
}): Row<MembershipData> {
  const viewOf = (credential: Sealed['controller']['credential']) => ({
    type: credential.type,
    name: credential.type === 'password' ? credential.username : credential.name,
    version,
    rotatedAt: at,
  });
  const trust = { ca: null, fingerprint: null, tlsServerName: null };
  const credential = viewOf(sealed.controller.credential);
  const wish =
    primary === undefined
      ? null
      : {
          storeId: id.replace(/\W|_/g, ''),
          clusterName: null,
          advertise: { server: null, port: null },
          primary: {
            federation: null,
            rest: primary,
            trust,
            credential: sealed.primary?.credential ? viewOf(sealed.primary.credential) : null,
          },
          tokenGivenAt: sealed.token === undefined ? null : at,
          tokenUrl: null,
          maxAttempts: 10,
          stayJoined: 'mend' as const,
          contract: 'controller' as const,
        };
  const data = newMembership(
    { controller: { by: 'address', address, trust, credential }, wish, secret: { sealed: '' } },
    `s0_${version}`,
    'abcdef',
    at,
  );
  return {
    id,
    kind: 'join',
    name: id.replace('_', '-'),
    labels: {},
    version: 1,
    createdAt: at,
    updatedAt: at,
    deletedAt: undefined,
    everySeconds: 300,
    attempt: 0,
    trouble: undefined,
    data: { ...data, secretVersion: version },
  };
}
