import {
  type CryptoKey,
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  errors as jose,
  jwtVerify,
} from 'jose';
import { type Clock, minute } from '#time';
import { authError } from './errors.ts';
import { highest, isRole, type Role } from './role.ts';

export interface OidcSettings {
  issuer: string;
  audience: string;
  /** A claim's name, or a path into nested claims: `roles`, `realm_access.roles`. */
  roleClaim: string;
}

/** Reads a small JSON document from an address that the settings name, by the rules for what may be dialled. */
export type FetchJson = (url: string) => Promise<unknown>;

export interface OidcCaller {
  issuer: string;
  subject: string;
  name: string;
  role: Role;
  expiresAt: number;
}

/** Signatures by a key pair only: with "none" or an HMAC, whoever knows the public key could sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const clockToleranceSeconds = 30;
const keysGoodFor = 10 * minute;
/** A token with a key id not seen before makes the keys be read again, but no more often than this. */
const keysAskedEvery = minute / 2;

/** Checks access tokens of one issuer. Its keys are kept between calls of a process. */
export class OidcIssuer {
  readonly #settings: OidcSettings;
  readonly #fetchJson: FetchJson;
  readonly #clock: Clock;
  #keys: { read: number; find: ReturnType<typeof createLocalJWKSet> } | undefined;
  #reading: Promise<void> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(settings: OidcSettings, fetchJson: FetchJson, clock: Clock) {
    this.#settings = settings;
    this.#fetchJson = fetchJson;
    this.#clock = clock;
  }

  async check(token: string): Promise<OidcCaller> {
    const payload = await this.#verify(token);
    const role = roleIn(payload, this.#settings.roleClaim);
    if (!role) throw authError('OIDC_ROLE_MISSING', { claim: this.#settings.roleClaim });
    return {
      issuer: this.#settings.issuer,
      subject: payload.sub!,
      name: nameIn(payload),
      role,
      expiresAt: payload.exp! * 1000,
    };
  }

  async #verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.#findKey, {
        issuer: spellings(this.#settings.issuer),
        audience: this.#settings.audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (!(error instanceof jose.JOSEError)) throw error;
      throw authError('OIDC_TOKEN_REFUSED', { reason: reasonOf(error) }, { cause: error });
    }
  }

  /** Only keys of the issuer's own document count: what a token's header says of keys (`jku`, `jwk`, `x5u`) does not. */
  readonly #findKey: JWTVerifyGetKey = async (header, token): Promise<CryptoKey> => {
    const now = this.#clock.now();
    if (!this.#keys || now - this.#keys.read > keysGoodFor) await this.#readKeys();
    try {
      return await this.#keys!.find(header, token);
    } catch (error) {
      const isFresh = now - this.#keys!.read < keysAskedEvery;
      if (!(error instanceof jose.JWKSNoMatchingKey) || isFresh) throw error;
      await this.#readKeys();
      return this.#keys!.find(header, token);
    }
  };

  async #readKeys(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #readOnce(): Promise<void> {
    const now = this.#clock.now();
    // An issuer that is down must not be asked again by every request, nor each wait for its time-out.
    if (now - this.#failedAt < 5_000) throw authError('OIDC_UNAVAILABLE', {}, { retryAfterSeconds: 5 });
    try {
      const document = await this.#fetchJson(discoveryUrl(this.#settings.issuer));
      if (!isObject(document) || !spellings(this.#settings.issuer).includes(String(document.issuer))) {
        throw new Error('The discovery document names another issuer.');
      }
      if (typeof document.jwks_uri !== 'string') throw new Error('The discovery document names no keys.');
      const keys = await this.#fetchJson(document.jwks_uri);
      this.#keys = { read: now, find: createLocalJWKSet(keys as JSONWebKeySet) };
    } catch (cause) {
      this.#failedAt = now;
      throw authError('OIDC_UNAVAILABLE', {}, { cause, retryAfterSeconds: 5 });
    }
  }
}

/** Some issuers call themselves by a name with a slash at its end, which the setting does not keep. */
const spellings = (issuer: string): string[] => [issuer, `${issuer}/`];

const discoveryUrl = (issuer: string): string => `${issuer}/.well-known/openid-configuration`;

function reasonOf(error: jose.JOSEError): string {
  if (error instanceof jose.JWTExpired) return 'it has expired';
  if (error instanceof jose.JWTClaimValidationFailed) return `its claim "${error.claim}" does not fit`;
  if (error instanceof jose.JOSEAlgNotAllowed) return 'its signature algorithm is not allowed';
  if (error instanceof jose.JWSSignatureVerificationFailed) return 'its signature does not fit';
  if (error instanceof jose.JWKSNoMatchingKey) return 'it is signed with a key that the issuer does not list';
  return 'it is not a signed token that can be checked';
}

/** The claim of that very name first (names may hold dots: `https://example.com/roles`), then the path. */
function roleIn(payload: JWTPayload, claim: string): Role | undefined {
  const found = Object.hasOwn(payload, claim) ? payload[claim] : atPath(payload, claim.split('.'));
  return highest((Array.isArray(found) ? found : [found]).filter(isRole));
}

function atPath(value: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
}

function nameIn(payload: JWTPayload): string {
  const names = [payload.preferred_username, payload.email, payload.name, payload.client_id, payload.sub];
  return String(names.find((name) => typeof name === 'string' && name !== '')).slice(0, 100);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
