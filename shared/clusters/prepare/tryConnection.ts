import type { Net } from '#net';
import type { Engine } from '#reconcile';
import type { Clock } from '#time';
import { type Capability, capabilities } from '../accessManifest/permissions.ts';
import type { EksBearers } from '../eks/eksBearer.ts';
import type { Finding } from '../finding.ts';
import { climb } from '../ladder/climb.ts';
import type { Climbed } from '../ladder/ladder.ts';
import type { Validation } from '../ladder/validation.ts';
import type { ClustersData } from '../model.ts';
import type { Secrets } from '../secret/secrets.ts';
import { partsOf } from './accessView.ts';
import type { Connection } from './connection.ts';
import { proxyWith } from './proxy.ts';

/** What trying, sealing and checking a connection work with. */
export interface PrepareParts {
  net: Net;
  clock: Clock;
  eks: EksBearers;
  secrets: Secrets;
  engine: Pick<Engine<ClustersData>, 'records' | 'wake'>;
  allowInsecureTls: boolean;
}

/** What a cluster may grant without showing its Secrets, which is asked for by name alone. */
const usual: readonly Capability[] = capabilities.filter((capability) => capability !== 'secrets');

/** Of a cluster that is there: who it was, and so that it is not taken for its own double. */
export interface Known {
  id: string;
  uid: string | null;
}

export async function tryConnection(
  { net, clock, eks, engine }: PrepareParts,
  connection: Connection,
  known: Known | undefined,
  wanted: readonly Capability[] = usual,
): Promise<Climbed> {
  const { server, tlsServerName, proxy, isVerified, type, opened, warnings } = connection;
  const input = {
    ...partsOf(connection),
    server,
    ...(tlsServerName !== undefined && { tlsServerName }),
    ...(proxy !== undefined && { proxy: proxyWith(proxy, opened.proxyCredential) }),
    insecure: !isVerified,
    capabilities: wanted,
  };
  const othersWith = async (uid: string) => {
    const all = await engine.records.entries('cluster');
    return all.filter(({ id, summary }) => summary.uid === uid && id !== known?.id);
  };
  const { validation, seen } = await climb(input, {
    net,
    clock,
    eks,
    known: { uid: known?.uid ?? null, othersWith },
  });
  return { seen, validation: withWarnings(asGiven(validation, type), warnings) };
}

/** A kubeconfig was taken apart; it was given as one all the same. */
const asGiven = (validation: Validation, type: Connection['type']): Validation => ({
  ...validation,
  credential: validation.credential && { ...validation.credential, type },
});

/** What the reading of a kubeconfig found, beside what the climb did. */
function withWarnings(validation: Validation, found: readonly Finding[]): Validation {
  const told = new Set(validation.warnings.map(({ code }) => code));
  const more = found.filter(({ code }) => !told.has(code));
  if (more.length === 0) return validation;
  return {
    ...validation,
    outcome: validation.outcome === 'ok' ? 'warning' : validation.outcome,
    warnings: [...more.map(({ code, values }) => ({ code, values: { ...values } })), ...validation.warnings],
  };
}
