import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
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
export function lambdaHandler(makePorts: () => AppPorts | Promise<AppPorts>): Handler {
  let ready: Promise<ReturnType<typeof handle>> | undefined;
  return async (event, context) => {
    ready ??= Promise.resolve(makePorts()).then((ports) => handle(createApp(ports)));
    const answer = await ready.catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return answer(withoutIdleBody(event) as unknown as LambdaEvent, context as LambdaContext);
  };
}

/** A body on GET or HEAD is legal HTTP and means nothing, but `Request` refuses to be built with one. */
function withoutIdleBody(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD') return event;
  const { body: _, ...rest } = event;
  return rest;
}
