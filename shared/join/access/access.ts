import type { SignedIn, Way } from '#neuvector';
import type { Row } from '#reconcile';
import type { Caller } from '../calls.ts';
import type { MembershipData } from '../model.ts';

/** Why controllers are reached, and credentials opened: of one visit there is one audit entry, but for rounds. */
export interface Visit {
  kind: 'round' | 'step' | 'call' | 'scrape';
  /** One object for one visit. */
  within: object;
  by?: Caller;
  signal?: AbortSignal;
}

/**
 * The way to the two controllers of a membership with what is stored of it. Throws DroverErrors: those of `#net` and
 * `#kubernetes` where it was not reached, those of `errors.ts` beside this where it was and did not let us in.
 */
export interface Access {
  /**
   * Its own controller, signed in. A session that turns out to be over is replaced once. `reached` is told as soon as
   * it answered at all.
   */
  controller<T>(
    row: Row<MembershipData>,
    visit: Visit,
    use: (controller: SignedIn) => Promise<T>,
    reached?: () => void,
  ): Promise<T>;
  /** The primary's REST listener, signed in; only where the record has its address and a credential. */
  primary<T>(row: Row<MembershipData>, visit: Visit, use: (primary: SignedIn) => Promise<T>): Promise<T>;
  /** A listener of another controller, unsigned: nothing secret goes there, so nobody need be trusted. Its user closes it. */
  stranger(address: string): Promise<Way>;
  /** The token that was given. */
  token(row: Row<MembershipData>, visit: Visit): Promise<string | undefined>;
  /** Closes the sessions of this membership's credentials that no scrape has used lately. */
  leaveIdle(row: Row<MembershipData>, visit: Visit): Promise<void>;
  /**
   * A person gave its credentials again although they were refused, or others' tries came to nothing: they are tried
   * once more.
   * Throws what holds them, with the time from when on that may be; an API key may be at once.
   */
  forgive(row: Row<MembershipData>, visit: Visit): Promise<void>;
  close(): Promise<void>;
}
