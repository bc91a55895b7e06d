export { accessError } from './access/errors.ts';
export { type JoinArea, type JoinWorld, joinArea, joinIn } from './area.ts';
export type {
  Caller,
  ControllerBody,
  CredentialBody,
  JoinCall,
  MembershipBody,
  Preflight,
  Prepared,
  PrimaryBody,
  Scraped,
} from './calls.ts';
export { joinError, joinErrors } from './errors.ts';
export { drawSuffix } from './ladder/derive.ts';
export { sayStages } from './ladder/sayStages.ts';
export { membershipGauges } from './membershipGauges.ts';
export { joinFamilies } from './metrics.ts';
export {
  contracts,
  lookEvery,
  type MembershipData,
  type MembershipState,
  type StageSeen,
  stages,
  stayings,
  usualMaxAttempts,
  usualPort,
  type Wish,
} from './model.ts';
export { causeOf, present } from './present.ts';
export { sayCause, texts } from './texts.ts';
export {
  changed,
  leaving,
  leavingAtEnd,
  newMembership,
  paused,
  resumed,
  retried,
  type Wished,
} from './wishes.ts';
