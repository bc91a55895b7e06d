import type { FedMembers } from '#neuvector';
import type { Row } from '#reconcile';
import type { Clock } from '#time';
import type { Access, Visit } from '../access/access.ts';
import {
  type Cause,
  stages as inOrder,
  type MembershipData,
  type Sight,
  type Stage,
  type Wish,
} from '../model.ts';
import { askController, memberIn } from './askController.ts';
import { askPrimary, listedAt } from './askPrimary.ts';
import { advertisedOf, nameOf, type Place, placeOf, primaryOf, valuesOf } from './derive.ts';
import { judgeAddress } from './judgeAddress.ts';
import { type Judged, stopped } from './judged.ts';
import { judgeSettings } from './judgeSettings.ts';
import { judgeToken } from './judgeToken.ts';
import { probeAddress } from './probeAddress.ts';
import { reactionToError } from './reactionToError.ts';
import type { SharedMembers } from './sharedMembers.ts';
import { sourceOf } from './sourceOf.ts';
import type { OpenedToken, Tokens } from './tokens.ts';

export interface ClimbParts {
  access: Access;
  tokens: Tokens;
  members: SharedMembers;
  clock: Clock;
}

export interface ClimbOptions {
  upTo: Extract<Stage, 'session' | 'standalone' | 'token' | 'address' | 'primary'>;
  /** Whether a controller answers at the advertised address is tried from here. */
  probeAdvertised?: boolean;
}

/**
 * Looks how far a membership can come, stage by stage up to the first that fails, and changes nothing. What is wrong
 * out there is in the answer: it throws for faults of Drover's own, and where it was told to stop.
 */
export async function climb(
  parts: ClimbParts,
  row: Row<MembershipData>,
  visit: Visit,
  options: ClimbOptions,
): Promise<Sight> {
  const climber = new Climber(parts, row, visit, options);
  await climber.climb();
  return climber.sight;
}

const rankOf = ({ code }: Cause): number => ({ JOIN_ADDRESS_DOUBTFUL: 1, JOIN_ADDRESS_UNSEEN: 2 })[code] ?? 0;

class Climber {
  readonly sight: Sight = {
    stages: [],
    fed: null,
    listed: null,
    token: null,
    warnings: [],
    latencyMs: null,
  };
  readonly #parts: ClimbParts;
  readonly #row: Row<MembershipData>;
  readonly #visit: Visit;
  readonly #options: ClimbOptions;

  constructor(parts: ClimbParts, row: Row<MembershipData>, visit: Visit, options: ClimbOptions) {
    this.#parts = parts;
    this.#row = row;
    this.#visit = visit;
    this.#options = options;
  }

  async climb(): Promise<void> {
    const { wish } = this.#row.data;
    if (!this.#add('settings', judgeSettings(wish))) return;
    const members = await this.#controller();
    if (!members || !(await this.#isStandalone(members))) return;
    if (!wish || !this.#goesTo('token')) return;
    const token = await this.#token(wish);
    if (!token || !this.#goesTo('address')) return;
    const own = await this.#address(wish, members.local);
    if (!own || !this.#goesTo('primary')) return;
    await this.#primary(wish, token, own);
  }

  #goesTo(stage: Stage): boolean {
    return inOrder.indexOf(stage) <= inOrder.indexOf(this.#options.upTo);
  }

  /** Whether it goes on from there. */
  #add(stage: Stage, { failure, warnings = [] }: Judged = {}): boolean {
    const { stages } = this.sight;
    this.sight.warnings.push(...warnings);
    if (failure) {
      stages.push({ stage, is: 'failed', ...failure });
      return false;
    }
    const [cause = null] = warnings;
    stages.push({ stage, is: cause ? 'warning' : 'done', cause, answer: null });
    return true;
  }

  async #controller(): Promise<FedMembers | undefined> {
    const { latencyMs, isReached, members, failed } = await askController(
      this.#parts,
      this.#row,
      this.#visit,
    );
    this.sight.latencyMs = latencyMs;
    // A credential that is not tried again says nothing of the way to the controller.
    if (isReached && failed?.stage !== 'controller') this.#add('controller');
    if (failed?.stage !== 'standalone') {
      if (failed) this.#add(failed.stage, failed);
      else this.#add('session');
      return members;
    }
    // Whoever reads metrics alone need not be let see the federation.
    this.#add('session');
    if (this.#goesTo('standalone')) this.#add('standalone', failed);
    return undefined;
  }

  async #isStandalone(members: FedMembers): Promise<boolean> {
    if (!this.#goesTo('standalone')) return false;
    switch (members.role) {
      case 'master': {
        const count = { members: members.members.length };
        this.sight.fed = { role: 'master', ...count };
        return this.#add('standalone', { failure: stopped('CLUSTER_IS_PRIMARY', count) });
      }
      case 'joint': {
        const member = memberIn(members);
        this.sight.fed = { role: 'joint', member };
        const { listed, warnings } = await listedAt(this.#parts, this.#row, this.#visit, member);
        this.sight.listed = listed;
        this.#add('standalone');
        this.sight.warnings.push(...warnings);
        // Which primary is wanted, a token may be the only one to say.
        if (this.#goesTo('token') && this.#row.data.token === null) await this.#openToken();
        return false;
      }
      case 'standalone':
        this.sight.fed = { role: 'standalone' };
        return this.#add('standalone');
    }
  }

  async #token({ contract }: Wish): Promise<OpenedToken | undefined> {
    const opened = await this.#openToken();
    if ('failure' in opened) {
      this.#add('token', opened);
      return undefined;
    }
    const judged = judgeToken(opened, opened.at, this.#parts.clock.now(), contract);
    return this.#add('token', judged) ? opened : undefined;
  }

  async #openToken(): Promise<OpenedToken | Required<Pick<Judged, 'failure'>>> {
    try {
      const token = await this.#parts.tokens.of(this.#row, this.#visit);
      const { from, at, server, port } = token;
      this.sight.token = { from, at, server, port };
      return token;
    } catch (error) {
      if (this.#visit.signal?.aborted) throw error;
      const call = sourceOf(this.#row.data) === 'primary' ? 'joinToken' : 'tokenUrl';
      return { failure: reactionToError(call, error) };
    }
  }

  async #address(wish: Wish, local: Place | null): Promise<Place | undefined> {
    const advertised = advertisedOf(wish, local);
    if (!advertised) {
      this.#add('address', { failure: stopped('JOIN_ADDRESS_MISSING') });
      return undefined;
    }
    const place = valuesOf(advertised);
    const probed = this.#options.probeAdvertised
      ? await probeAddress(this.#parts.access, this.#visit, place)
      : undefined;
    // A stage has room for one: what was seen comes before what is supposed, and that before what was not seen.
    const found = [judgeAddress(place), probed].filter((one) => one !== undefined);
    const warnings = found.toSorted((one, other) => rankOf(one) - rankOf(other));
    this.#add('address', { warnings });
    return place;
  }

  async #primary(wish: Wish, token: OpenedToken, advertised: Place): Promise<void> {
    const { contract, primary } = wish;
    // Where the join goes: it is taken there itself.
    const direct = contract === 'master' && primary?.rest ? placeOf(primary.rest) : undefined;
    const at = direct ?? valuesOf(primaryOf(wish, token)!);
    const own = { name: nameOf(wish, this.#row.data.suffix)!.value, at: advertised };
    const { access } = this.#parts;
    this.#add('primary', await askPrimary(access, this.#row, this.#visit, { at, own, contract }));
  }
}
