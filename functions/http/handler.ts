import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type { Routes } from './api.ts';
import { createApp } from './app.ts';
import type { AppPorts } from './appPorts.ts';

export type Handler = (
  event: APIGatewayProxyEventV2,
  context?: unknown,
) => Promise<Awaited<ReturnType<ReturnType<typeof handle>>>>;

/**
 * The app as a Lambda handler. Ports are made at the first call and kept; a failure to make them is not kept, so
 * that the next call tries again.
 */
export function lambdaHandler(
  makePorts: () => AppPorts | Promise<AppPorts>,
  areas: readonly Routes[] = [],
): Handler {
  let ready: Promise<ReturnType<typeof handle>> | undefined;
  return async (event, context) => {
    ready ??= Promise.resolve(makePorts()).then((ports) => handle(createApp(ports, areas)));
    const answer = await ready.catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return answer(acceptable(event) as unknown as LambdaEvent, context as LambdaContext);
  };
}

/**
 * What `Request` refuses to be built from, in a form that it takes: a body on GET or HEAD is legal and means nothing;
 * and a method that browsers may not use is to be answered with 405, like any other that is not offered.
 */
function acceptable(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const { requestContext, body: _, ...rest } = event;
  const { http } = requestContext;
  if (http.method === 'GET' || http.method === 'HEAD') return { ...rest, requestContext };
  if (!/^(CONNECT|TRACE|TRACK)$/i.test(http.method)) return event;
  return { ...rest, requestContext: { ...requestContext, http: { ...http, method: `NO-${http.method}` } } };
}
