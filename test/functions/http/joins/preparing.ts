import type { JoinCall, MembershipData, Prepared } from '#join';
import type { Records } from '#reconcile';
import { start } from '../anApp.ts';

type PrepareCall = Extract<JoinCall, { do: 'prepare' }>;

/** Reads what it is given, and seals nothing. */
export const preparing =
  (records: () => Records<MembershipData>) =>
  async ({ id, of, version, body }: PrepareCall): Promise<Prepared> => {
    const kept = of === undefined ? undefined : (await records().get(of, 'join'))?.data;
    const given = body.controller?.credential;
    const credential = given
      ? {
          type: given.type,
          name: given.type === 'password' ? given.username : given.name,
          version,
          rotatedAt: start,
        }
      : kept!.controller.credential;
    const { address, cluster, namespace = '', service = '', port = 0 } = body.controller ?? {};
    const trust = { ca: null, fingerprint: null, tlsServerName: null };
    const controller: Prepared['controller'] = cluster
      ? { by: 'cluster', cluster, namespace, service, port, credential }
      : address
        ? { by: 'address', address, trust, credential }
        : { ...kept!.controller, credential };
    const before = kept?.wish;
    const joins = body.join ?? (kept ? before !== null : true);
    return {
      controller,
      wish: joins
        ? {
            storeId: body.storeId ?? before?.storeId ?? null,
            clusterName: body.clusterName ?? before?.clusterName ?? null,
            advertise: { server: null, port: null },
            primary: null,
            tokenGivenAt: body.token ? start : (before?.tokenGivenAt ?? null),
            tokenUrl: null,
            maxAttempts: body.maxAttempts ?? before?.maxAttempts ?? 10,
            stayJoined: body.stayJoined ?? before?.stayJoined ?? 'mend',
            contract: 'controller',
          }
        : null,
      secret: { sealed: `v1.${id}.${version}` },
    };
  };
