export type { NvAnswer, NvRequest, NvStream, Pass, Refusal, SignedIn, Trust, Way } from './access.ts';
export type { CallOptions } from './ask.ts';
export { type NeuvectorCode, neuvectorErrors } from './errors.ts';
export {
  configure,
  deploy,
  type FederationPatch,
  type JoinBody,
  join,
  joinToken,
  leave,
  mayJoin,
  removeMember,
} from './federation.ts';
export { type FedCluster, type FedMembers, fedMembers, type RestInfo } from './fedMembers.ts';
export { fetchJoinToken } from './fetchJoinToken.ts';
export { decodeJoinToken, encodeJoinToken, type JoinTokenParts, joinTokenIn } from './joinToken.ts';
export { listOf } from './listOf.ts';
export type { Service } from './proxyProblemOf.ts';
export { isSessionOver, NvRefused, refusalOf } from './refused.ts';
export { type Session, signIn, signOut } from './session.ts';
export { fedHealth, jointTest } from './strangers.ts';
export { streamElements } from './streamElements.ts';
export { wayThrough } from './wayThrough.ts';
export { wayTo } from './wayTo.ts';
