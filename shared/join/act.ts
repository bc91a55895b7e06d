import { keptCause, unreachable } from '#errors';
import {
  deploy,
  type FedCluster,
  fedMembers,
  join,
  leave,
  type RestInfo,
  removeMember,
  type SignedIn,
} from '#neuvector';
import type { Meter, Ports, Row, WorkContext } from '#reconcile';
import type { Access, Visit } from './access/access.ts';
import type { About, Call } from './ladder/answers.ts';
import {
  addressOf,
  advertisedOf,
  type JoinFields,
  joinFieldsOf,
  nameOf,
  type Place,
  primaryOf,
  valuesOf,
} from './ladder/derive.ts';
import { isFixed } from './ladder/judgeToken.ts';
import { logJoin } from './ladder/logStages.ts';
import { reactionToError } from './ladder/reactionToError.ts';
import type { OpenedToken, Tokens } from './ladder/tokens.ts';
import type { Action, Did, MembershipData, Outcome, Wish } from './model.ts';
import { ownEntry } from './ownEntry.ts';

export interface Hands {
  access: Access;
  tokens: Tokens;
  meter: Meter;
  log: Ports['log'];
}

type Wishing = Row<MembershipData> & { data: { wish: Wish } };

export async function act(
  hands: Hands,
  row: Row<MembershipData>,
  action: Action,
  context: WorkContext,
): Promise<Did> {
  const visit: Visit = { kind: 'step', within: context, signal: context.signal };
  if (!isWishing(row)) throw new Error('What is for metrics alone does nothing.');
  switch (action.do) {
    case 'join':
      return sendJoin(hands, row, visit);
    case 'leave':
      return sendLeave(hands, row, visit, action.force);
    case 'clearGhost':
      return clearGhost(hands, row, visit);
    case 'deploy':
      return sendRules(hands, row, visit);
    default:
      return unreachable(action);
  }
}

const isWishing = (row: Row<MembershipData>): row is Wishing => row.data.wish !== null;

async function sendJoin(hands: Hands, row: Wishing, visit: Visit): Promise<Did> {
  const { access, tokens, meter } = hands;
  const { wish, suffix } = row.data;
  const isDirect = wish.contract === 'master';
  let token: OpenedToken | undefined;
  let about: About = {};
  const outcome = await outcomeOf(
    isDirect ? 'joinMaster' : 'join',
    () => about,
    async () => {
      token = await tokens.of(row, visit);
      const fields = joinFieldsOf(wish, suffix, token);
      about = aboutOf(wish, fields, token);
      const ask = (who: SignedIn) => join(who, fields, signalOf(visit));
      await access.controller(row, visit, async (controller) => {
        // Whoever came before may have joined it meanwhile: then the member list tells the rest.
        const { role } = await fedMembers(controller, signalOf(visit));
        if (role !== 'standalone') throw new AlreadyIn();
        await (isDirect ? access.primary(row, visit, ask) : ask(controller));
      });
    },
  );
  if (outcome.is === 'failed' && outcome.reaction === 'newToken') tokens.forget(row);
  const judged = token ? forFixed(outcome, token) : outcome;
  meter.count('drover_join_attempts_total', { outcome: judged.is === 'done' ? 'done' : judged.cause.code });
  logJoin(hands.log, row, judged);
  return { did: 'joined', outcome: judged, token: token ? keptToken(token) : row.data.token };
}

/** A fixed token does not end: where it is refused, another replica of the primary may know it (neuvector#2804). */
const forFixed = (outcome: Outcome, token: OpenedToken): Outcome =>
  outcome.is === 'failed' && outcome.reaction === 'newToken' && isFixed(token)
    ? { ...outcome, reaction: 'retry' }
    : outcome;

function aboutOf(wish: Wish, { name, joint }: JoinFields, token: OpenedToken): About {
  const primary = primaryOf(wish, token);
  return {
    ...(name !== undefined && { name }),
    ...(joint && { advertised: addressOf(joint) }),
    ...(primary && { primary: addressOf(valuesOf(primary)) }),
  };
}

const keptToken = ({ from, at, server, port }: OpenedToken): MembershipData['token'] => ({
  from,
  at,
  server,
  port,
});

class AlreadyIn extends Error {}

async function sendLeave(hands: Hands, row: Wishing, visit: Visit, force: boolean): Promise<Did> {
  const isDirect = row.data.wish.contract === 'master';
  const outcome = await outcomeOf(
    isDirect ? 'removeMember' : 'leave',
    () => ({}),
    () =>
      isDirect
        ? hands.access.primary(row, visit, (primary) => dismissed(primary, row, visit))
        : hands.access.controller(row, visit, (controller) => leave(controller, force, signalOf(visit))),
  );
  hands.meter.count('drover_join_leaves_total', {
    outcome: outcome.is === 'done' ? 'done' : outcome.cause.code,
  });
  return { did: 'left', outcome, force };
}

/** Its own controller knows nothing of a join that went to the primary, and cannot leave. */
async function dismissed(primary: SignedIn, { data }: Wishing, visit: Visit): Promise<void> {
  const { members } = await fedMembers(primary, signalOf(visit));
  const own = ownEntry(members, data);
  if (own) await removeMember(primary, own.id, signalOf(visit));
}

type Ghost = Extract<Did, { did: 'clearedGhost' }>;

async function clearGhost(hands: Hands, row: Wishing, visit: Visit): Promise<Ghost> {
  const done = await lookForGhost(hands.access, row, visit).catch((error: unknown): Ghost => {
    const { cause } = reactionToError('removeMember', error);
    return { did: 'clearedGhost', found: 'failed', cause };
  });
  hands.meter.count('drover_join_ghosts_total', { found: done.found });
  return done;
}

const nobody = (found: Ghost['found']): Ghost => ({ did: 'clearedGhost', found, cause: null });

/** What the primary lists under our name or address while we are in no federation is nobody: it is dismissed. */
async function lookForGhost(access: Access, row: Wishing, visit: Visit): Promise<Ghost> {
  const { wish, suffix, member } = row.data;
  if (!wish.primary?.rest || !wish.primary.credential) return nobody('unable');
  const name = member?.name ?? nameOf(wish, suffix)?.value;
  return access.primary(row, visit, async (primary) => {
    const { members } = await fedMembers(primary, signalOf(visit));
    const local = await standaloneAt(access, row, visit);
    if (local === undefined) return nobody('none');
    const advertised = advertisedOf(wish, local);
    const ours = advertised && valuesOf(advertised);
    const sameName = members.find((one) => one.name === name);
    const isGhost = (one: FedCluster): boolean => {
      if (member && member.id !== '' && one.id === member.id) return true;
      return isAt(one, ours) && (one.name === name ? !isAnswered(one) : isUnanswered(one));
    };
    const ghosts = members.filter(isGhost);
    if (sameName && !ghosts.includes(sameName)) {
      const values = { name: sameName.name, address: sameName.restInfo ? addressOf(sameName.restInfo) : '–' };
      // At our own address it may be what is left of us, which a primary finds out within a minute or two.
      const found = isAt(sameName, ours) ? 'none' : 'alive';
      return { did: 'clearedGhost', found, cause: keptCause({ code: 'NAME_TAKEN_AT_PRIMARY', values }) };
    }
    for (const ghost of ghosts) await removeMember(primary, ghost.id, signalOf(visit));
    return nobody(ghosts.length > 0 ? 'cleared' : 'none');
  });
}

/** Undefined where it is in a federation after all: then nothing at the primary is a ghost of ours. */
const standaloneAt = (access: Access, row: Wishing, visit: Visit): Promise<RestInfo | null | undefined> =>
  access.controller(row, visit, async (controller) => {
    const { role, local } = await fedMembers(controller, signalOf(visit));
    return role === 'standalone' ? local : undefined;
  });

const isAt = ({ restInfo }: FedCluster, ours: Place | undefined): boolean =>
  restInfo !== null &&
  ours !== undefined &&
  addressOf(restInfo).toLowerCase() === addressOf(ours).toLowerCase();

/** Somebody polls as it: another cluster may have our name and address by mistake, and is not put out for that. */
const isAnswered = ({ status }: FedCluster): boolean =>
  ['synced', 'out_of_sync', 'syncing', 'connected'].includes(status);

const isUnanswered = ({ status }: FedCluster): boolean => ['left', 'disconnected', 'kicked'].includes(status);

async function sendRules({ access }: Hands, row: Wishing, visit: Visit): Promise<Did> {
  const { member } = row.data;
  const outcome = await outcomeOf(
    'deploy',
    () => ({}),
    async () => {
      await access.primary(row, visit, (primary) =>
        deploy(primary, [member?.id ?? ''], true, signalOf(visit)),
      );
    },
  );
  return { did: 'deployed', outcome };
}

const signalOf = ({ signal }: Visit) => (signal ? { signal } : {});

/** What was answered, or why nothing was; `about` is read when it is known. */
async function outcomeOf(call: Call, about: () => About, run: () => Promise<void>): Promise<Outcome> {
  try {
    await run();
    return { is: 'done' };
  } catch (error) {
    if (error instanceof AlreadyIn) {
      return {
        is: 'failed',
        reaction: 'look',
        cause: keptCause({ code: 'JOIN_NOT_NOW', values: { ...about() } }),
        answer: null,
      };
    }
    return { is: 'failed', ...reactionToError(call, error, about()) };
  }
}
