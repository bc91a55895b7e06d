import type { DroverError } from '#errors';
import type { Net } from '#net';
import { decodeJoinToken, fetchJoinToken, joinToken, joinTokenIn } from '#neuvector';
import type { Row } from '#reconcile';
import type { Clock, Instant } from '#time';
import type { Access, Visit } from '../access/access.ts';
import type { MembershipData } from '../model.ts';
import { ladderError } from './errors.ts';
import { type TokenParts, usualLife } from './judgeToken.ts';
import { sourceOf, type TokenSource } from './sourceOf.ts';

/** A join token, read. */
export interface OpenedToken extends TokenParts {
  text: string;
  from: TokenSource;
  /** Given or fetched: how long it lives counts from then, or from before. */
  at: Instant;
}

/** A fetched one is used again for so long; it may have been made a while before. */
const youth = usualLife / 2;
const mostKept = 1_000;

/** The join tokens of memberships. Those that were fetched are kept in memory, so that what was judged is what is sent. */
export class Tokens {
  readonly #parts: { access: Access; net: Net; clock: Clock };
  readonly #kept = new Map<string, { mark: string; token: OpenedToken }>();

  constructor(parts: { access: Access; net: Net; clock: Clock }) {
    this.#parts = parts;
  }

  /** `anew`: the last one was refused. Throws what was met on the way to one, or that there is no way. */
  async of(
    row: Row<MembershipData>,
    visit: Visit,
    { anew = false }: { anew?: boolean } = {},
  ): Promise<OpenedToken> {
    const source = sourceOf(row.data, anew);
    if (!source) throw noWay(row.data);
    if (source === 'given') return this.#given(row, visit);
    const mark = markOf(row.data);
    const kept = this.#kept.get(row.id);
    const { clock } = this.#parts;
    const isYoung = kept?.mark === mark && Math.abs(clock.now() - kept.token.at) < youth;
    if (kept && isYoung && !anew) return kept.token;
    const at = clock.now();
    const text = source === 'url' ? await this.#fetched(row, visit) : await this.#made(row, visit);
    const token = { ...read(text), from: source, at };
    this.#kept.delete(row.id);
    this.#kept.set(row.id, { mark, token });
    // The longest kept goes first.
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(id);
    }
    return token;
  }

  /** It was refused: the next one is fetched anew. */
  forget({ id }: Pick<Row<MembershipData>, 'id'>): void {
    this.#kept.delete(id);
  }

  async #given(row: Row<MembershipData>, visit: Visit): Promise<OpenedToken> {
    const text = await this.#parts.access.token(row, visit);
    if (text === undefined) throw noWay(row.data);
    return { ...read(text), from: 'given', at: row.data.wish?.tokenGivenAt ?? row.createdAt };
  }

  #fetched({ data }: Row<MembershipData>, { signal }: Visit): Promise<string> {
    return fetchJoinToken(this.#parts.net, data.wish!.tokenUrl!, signal ? { signal } : {});
  }

  #made(row: Row<MembershipData>, visit: Visit): Promise<string> {
    const { signal } = visit;
    return this.#parts.access.primary(row, visit, (primary) =>
      joinToken(primary, undefined, signal ? { signal } : {}),
    );
  }
}

const noWay = ({ wish }: MembershipData): DroverError =>
  ladderError(wish?.tokenGivenAt == null ? 'JOIN_TOKEN_NONE' : 'JOIN_TOKEN_SPENT');

const read = (text: string): TokenParts & { text: string } => ({
  ...decodeJoinToken(text),
  text: joinTokenIn(text),
});

/** A token is of no use to what the membership has become since. */
const markOf = ({ wish, secretVersion }: MembershipData): string =>
  JSON.stringify([secretVersion, wish?.tokenUrl, wish?.primary?.rest]);
