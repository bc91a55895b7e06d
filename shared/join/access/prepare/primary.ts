import type { Text } from '#errors';
import type { Net } from '#net';
import type { PrimaryBody } from '../../calls.ts';
import type { PrimaryAccess, Sealed } from '../../model.ts';
import { readAddress } from './addresses.ts';
import { type KeptCredential, readCredential, type Stamp } from './credential.ts';
import type { Findings } from './findings.ts';
import { changedTrust, noTrust, readTrust } from './trust.ts';

export interface KeptPrimary {
  access: PrimaryAccess;
  sealed: NonNullable<Sealed['primary']>;
}

export interface ReadPrimary extends KeptPrimary {
  moved: string[];
  hasNewCredential: boolean;
}

/** Undefined where there is none. */
export async function readPrimary(
  { net, findings, stamp }: { net: Pick<Net, 'check'>; findings: Findings; stamp: Stamp },
  body: PrimaryBody | null | undefined,
  kept: KeptPrimary | undefined,
): Promise<ReadPrimary | undefined> {
  if (body === null) return undefined;
  if (body === undefined) return kept && { ...kept, moved: [], hasNewCredential: false };
  const address = async (field: 'federation' | 'rest') => {
    const given = body[field];
    if (given === undefined) return kept?.access[field] ?? null;
    const at = `primary.${field}`;
    return given === null ? null : ((await findings.of(at, () => readAddress(net, at, given))) ?? null);
  };
  const [federation, rest] = [await address('federation'), await address('rest')];
  const keptTrust = kept ? { view: kept.access.trust, ca: kept.sealed.ca } : noTrust;
  const trust = await readTrust(findings, 'primary', { ca: body.ca }, keptTrust);
  const given = body.credential && readCredential(findings, 'primary.credential', body.credential, stamp);
  const credential = given ?? (body.credential === undefined ? credentialOf(kept) : undefined);
  if (credential && rest === null && body.rest == null) findings.needed('primary.rest', whyRest);
  const moved = [
    ...(rest === (kept?.access.rest ?? null) ? [] : ['rest']),
    ...changedTrust(keptTrust, trust),
  ];
  return {
    access: { federation, rest, trust: trust.view, credential: credential?.view ?? null },
    sealed: {
      ...(trust.ca !== undefined && { ca: trust.ca }),
      ...(credential && { credential: credential.opened }),
    },
    moved: credential && kept?.access.credential ? moved : [],
    hasNewCredential: given !== undefined && given !== null,
  };
}

function credentialOf(kept: KeptPrimary | undefined): KeptCredential | undefined {
  const { access, sealed } = kept ?? {};
  return access?.credential && sealed?.credential
    ? { view: access.credential, opened: sealed.credential }
    : undefined;
}

const whyRest: Text = {
  en: 'primary.credential is for the primary’s REST API, port 10443 unless it was changed',
  zh: 'primary.credential 用于主集群的 REST API（默认端口 10443）',
};
