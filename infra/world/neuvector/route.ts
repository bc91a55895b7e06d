import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import type { Login } from './accounts.ts';
import type { Controller } from './controller.ts';
import type { Need } from './roles.ts';

export type ListenerName = 'rest' | 'federation';

/** A request on its way through the checks of its route. */
export interface Call {
  readonly controller: Controller;
  readonly request: ApiRequest;
  readonly params: Readonly<Record<string, string>>;
  /** Of a route that needs no sign-in: nobody. */
  readonly login: Login;
}

export interface Route {
  readonly method: string;
  /** `:name` stands for one part, `*name` for the rest. */
  readonly path: string;
  readonly needs: Need;
  /** What this cluster must be in its federation. */
  readonly role?: '' | 'master' | 'joint';
  /** No cleanup may be going on; then the lock is taken; both before anyone asks who sends the request. */
  readonly isGuarded?: 'lock' | 'cleanup';
  /** Nothing federal may be left over. */
  readonly isClean?: boolean;
  /** Only then is it this route that answers. */
  when?(controller: Controller): boolean;
  /** Without a value: success with nothing to tell. */
  answer(call: Call): unknown;
}

/** The route's answer is written as it is. */
export class Whole {
  readonly answer: ApiAnswer;
  constructor(answer: ApiAnswer) {
    this.answer = answer;
  }
}
