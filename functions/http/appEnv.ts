import type { Context } from 'hono';
import type { LambdaContext, LambdaEvent } from 'hono/aws-lambda';
import type { Caller } from '#auth';
import type { Language } from '#errors';

/** What travels with a request through the app. */
export interface AppEnv {
  Bindings: {
    event?: LambdaEvent;
    lambdaContext?: LambdaContext;
    /** The other end's address, where no gateway stands in front. */
    address?: string;
  };
  Variables: {
    requestId: string;
    language: Language;
    /** The route's pattern, for metrics: never the path itself, which would make a series per record. */
    route: string;
    /** Who calls, once that is known. */
    caller?: Caller;
  };
}

export type AppContext = Context<AppEnv>;
