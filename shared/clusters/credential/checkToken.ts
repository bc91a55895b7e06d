import { createHash } from 'node:crypto';
import type { Text } from '#errors';
import { shown } from '#errors';
import { type Instant, iso } from '#time';
import { type Finding, found } from '../finding.ts';
import { type Checked, refused } from './checked.ts';
import { type Claims, instantOf, objectOf, readClaims, textOf } from './jwt.ts';
import { readToken } from './token.ts';

export interface TokenEvidence {
  readonly form: 'jwt' | 'opaque';
  /** The SHA-256 of a signed token; of a short secret it would give the secret away, so an opaque one has none. */
  readonly fingerprint: string | null;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly audiences: readonly string[];
  readonly notBefore: string | null;
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  readonly serviceAccount: { readonly namespace: string; readonly name: string } | null;
  readonly boundTo: BoundObject | null;
}

export interface BoundObject {
  readonly kind: 'Pod' | 'Secret' | 'Node';
  readonly name: string;
}

export function checkToken(text: string, now: Instant): Checked<TokenEvidence> {
  const read = readToken(text);
  if ('reason' in read) return refused(found('TOKEN_INVALID', { at: 'token', reason: read.reason }));
  const said = readClaims(read.value);
  switch (said.form) {
    case 'damaged':
      return refused(found('TOKEN_INVALID', { at: 'token', reason: damaged }));
    case 'opaque':
      return {
        failure: null,
        warnings: [found('TOKEN_EXPIRY_UNKNOWN')],
        expiries: [],
        evidence: opaque,
      };
    case 'jwt':
      return checkClaims(said.claims, read.value, now);
  }
}

function checkClaims(claims: Claims, token: string, now: Instant): Checked<TokenEvidence> {
  const [from, until] = [instantOf(claims.nbf), instantOf(claims.exp)];
  const subject = textOf(claims.sub) && shown(textOf(claims.sub)!);
  const named = subject ?? 'unknown';
  const boundTo = boundObject(claims);
  const warnings: Finding[] = [];
  if (until === undefined) warnings.push(found('TOKEN_NEVER_EXPIRES', { subject: named }));
  if (boundTo) warnings.push(found('TOKEN_BOUND', { subject: named, ...boundTo }));
  return {
    failure: outOfDate(named, from, until, now),
    warnings,
    expiries: until === undefined ? [] : [{ of: 'token', subject: named, at: until }],
    evidence: {
      form: 'jwt',
      fingerprint: createHash('sha256').update(token).digest('hex'),
      subject: subject ?? null,
      issuer: shownOrNull(claims.iss),
      audiences: [claims.aud].flat().flatMap((audience) => shownOrNull(audience) ?? []),
      notBefore: isoOrNull(from),
      issuedAt: isoOrNull(instantOf(claims.iat)),
      expiresAt: isoOrNull(until),
      serviceAccount: serviceAccountOf(subject),
      boundTo,
    },
  };
}

function outOfDate(
  subject: string,
  from: Instant | undefined,
  until: Instant | undefined,
  now: Instant,
): Finding | null {
  if (until !== undefined && until <= now) return found('TOKEN_EXPIRED_LOCAL', { subject, when: iso(until) });
  if (from !== undefined && from > now) return found('TOKEN_NOT_YET_VALID', { subject, when: iso(from) });
  return null;
}

function serviceAccountOf(subject: string | undefined): TokenEvidence['serviceAccount'] {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject ?? '') ?? [];
  return namespace && name ? { namespace, name } : null;
}

/** What a token of today is bound to stands under `kubernetes.io`; one of a Secret from before 1.24 names it flat. */
function boundObject(claims: Claims): BoundObject | null {
  const bound = objectOf(claims['kubernetes.io']);
  for (const kind of ['Pod', 'Secret', 'Node'] as const) {
    const name = textOf(objectOf(bound?.[kind.toLowerCase()])?.name);
    if (name) return { kind, name: shown(name) };
  }
  const secret = textOf(claims['kubernetes.io/serviceaccount/secret.name']);
  return secret ? { kind: 'Secret', name: shown(secret) } : null;
}

function shownOrNull(value: unknown): string | null {
  const text = textOf(value);
  return text === undefined ? null : shown(text);
}

const isoOrNull = (at: Instant | undefined): string | null => (at === undefined ? null : iso(at));

const opaque: TokenEvidence = {
  form: 'opaque',
  fingerprint: null,
  subject: null,
  issuer: null,
  audiences: [],
  notBefore: null,
  issuedAt: null,
  expiresAt: null,
  serviceAccount: null,
  boundTo: null,
};

const damaged: Text = {
  en: 'begins like a JWT and is none: it was cut off or changed',
  zh: '开头像 JWT 但并不完整：可能被截断或改动',
};
