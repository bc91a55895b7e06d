import { randomBytes } from 'node:crypto';
import { keys, type Table } from '#store';
import { type Clock, type Instant, type Millis, minute } from '#time';
import { sha256 } from './tokenText.ts';

export const linkLength: Millis = 15 * minute;

export interface Session {
  /** The API token in whose name it acts: it ends with that token, and has its role and reach. */
  tokenId: string;
  tokenName: string;
  /** How often the token had been rotated: a count, since functions' clocks disagree. */
  rotation: number;
  expiresAt: Instant;
}

/**
 * Browser sessions and the one-time links that begin them. The store holds hashes of what the browser holds, so that
 * who can read the table cannot sign in.
 */
export class Sessions {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #random: (bytes: number) => Uint8Array;

  constructor(table: Table, clock: Clock, random: (bytes: number) => Uint8Array = randomBytes) {
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  /** The secret of a link that begins one session in the token's name. */
  async newLink(tokenId: string, length: Millis = linkLength): Promise<string> {
    const secret = this.#secret();
    const expiresAt = seconds(this.#clock.now() + length);
    await this.#table.put({ ...keys.signInLinkKey(sha256(secret)), tokenId, expiresAt }, 'absent');
    return secret;
  }

  /** Takes a link: whose it is, for the first who asks; undefined for everyone after. */
  async takeLink(secret: string): Promise<string | undefined> {
    const key = keys.signInLinkKey(sha256(secret));
    const link = await this.#table.get(key);
    if (typeof link?.tokenId !== 'string') return undefined;
    const taken = await this.#table.delete(key, { tokenId: link.tokenId });
    return taken === 'written' ? link.tokenId : undefined;
  }

  async begin(
    { id, name, rotations }: { id: string; name: string; rotations: number },
    length: Millis,
  ): Promise<{ secret: string; session: Session }> {
    const now = this.#clock.now();
    const secret = this.#secret();
    const session = { tokenId: id, tokenName: name, rotation: rotations, expiresAt: now + length };
    await this.#table.put(
      { ...keys.sessionKey(sha256(secret)), ...session, expiresAt: seconds(session.expiresAt) },
      'absent',
    );
    return { secret, session };
  }

  async find(secret: string): Promise<Session | undefined> {
    if (!/^[\w-]{43}$/.test(secret)) return undefined;
    const item = await this.#table.get(keys.sessionKey(sha256(secret)));
    if (!item) return undefined;
    return {
      tokenId: String(item.tokenId),
      tokenName: String(item.tokenName),
      rotation: Number(item.rotation),
      expiresAt: Number(item.expiresAt) * 1000,
    };
  }

  async end(secret: string): Promise<void> {
    await this.#table.delete(keys.sessionKey(sha256(secret)));
  }

  #secret(): string {
    return Buffer.from(this.#random(32)).toString('base64url');
  }
}

const seconds = (at: Instant): number => Math.ceil(at / 1000);
