import type { Actor, Labels } from '#reconcile';
import type { Instant } from '#time';
import { authError } from './errors.ts';
import { includes, type Role } from './role.ts';

/** What a label-bound token sees and touches. */
export interface Reach {
  /** As it was written: `env in (test, staging)` */
  selector: string;
  matches(labels: Labels): boolean;
}

/** Who calls, and what they may. */
export interface Caller {
  actor: Actor;
  role: Role;
  /** Absent: every record. */
  reach?: Reach;
  expiresAt?: Instant;
}

/** The one place that says what a caller may do. */
export function requireRole(caller: Caller, needed: Role): void {
  if (!includes(caller.role, needed)) throw authError('ROLE_TOO_LOW', { needed, role: caller.role });
}

export const isInReach = (caller: Caller, labels: Labels): boolean => caller.reach?.matches(labels) ?? true;

/** For what is about to be written: labels that would put the record beyond its writer's sight are refused. */
export function requireReach(caller: Caller, labels: Labels): void {
  if (!isInReach(caller, labels)) throw authError('OUT_OF_REACH', { selector: caller.reach!.selector });
}
