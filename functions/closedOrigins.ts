import type { Handler } from './http/handler.ts';

/**
 * serverless-offline answers every request that names its origin with permission for that origin, credentials
 * included, unless the answer says otherwise. So under it every answer does: where the app itself permits nobody,
 * it permits the local run's own pages, which need no permission. On AWS nothing is added.
 */
export function closedOrigins(handler: Handler, environment: NodeJS.ProcessEnv): Handler {
  return async (event, context) => {
    const answer = await handler(event, context);
    if (environment.IS_OFFLINE !== 'true') return answer;
    const own = `http://127.0.0.1:${environment.SERVER_PORT || 8080}`;
    return {
      ...answer,
      headers: {
        'access-control-allow-origin': own,
        'access-control-allow-credentials': 'false',
        ...answer.headers,
      },
    };
  };
}
