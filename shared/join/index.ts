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
export type { MembershipData, StageSeen, Wish } from './model.ts';
