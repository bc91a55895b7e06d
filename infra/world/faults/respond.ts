import { unreachable } from '#errors';
import { type Clock, systemClock } from '#time';
import type { Delivery, Response } from '../host/delivery.ts';
import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import type { Chance } from '../kubernetes/population/chance.ts';
import { refused } from '../neuvector/answers.ts';
import { Refusal } from '../neuvector/codes.ts';
import {
  continueExpired,
  htmlAnswer,
  proxyAuthenticationAnswer,
  redirectAnswer,
  serviceUnavailable,
  statusAnswer,
} from './answers.ts';
import { apiUnavailable, otherCluster, otherVersion, unready } from './changes.ts';
import { dropWatch } from './dropWatch.ts';
import type { RequestFault } from './fault.ts';
import type { ActiveFault, Faults } from './faults.ts';

export interface Cluster {
  answer(request: ApiRequest): Promise<ApiAnswer>;
}

/** What faults make of one request on its way to the cluster and back. */
interface Course {
  request: ApiRequest;
  waitMillis: number;
  isHanging: boolean;
  /** In the cluster's place. */
  instead?: ApiAnswer;
  changes: ((answer: ApiAnswer) => ApiAnswer)[];
  delivery: Partial<Delivery>;
}

/** The cluster's answer, after all the faults that meet the request. */
export async function respond(
  cluster: Cluster,
  faults: Faults,
  given: ApiRequest,
  clock: Clock = systemClock,
): Promise<Response> {
  const course: Course = { request: given, waitMillis: 0, isHanging: false, changes: [], delivery: {} };
  for (const active of faults.meeting(given)) steer(course, active);
  const { request, waitMillis, instead, changes, delivery } = course;
  if (waitMillis > 0) await clock.sleep(waitMillis, given.signal);
  if (course.isHanging) return 'hang';
  const answer = instead ?? (await cluster.answer(request));
  return { answer: changes.reduce((changed, change) => change(changed), answer), ...delivery };
}

function steer(
  course: Course,
  { fault, revision, chance }: ActiveFault<RequestFault> & { chance: Chance },
): void {
  const { request, changes, delivery } = course;
  const { path } = request;
  switch (fault.kind) {
    case 'latency':
      course.waitMillis += fault.millis + Math.round((fault.jitterMillis ?? 0) * chance.share());
      return;
    case 'hang':
      course.isHanging = true;
      return;
    case 'reset':
      course.delivery = { ...delivery, resetAfter: fault.afterBytes ?? 'nothing' };
      return;
    case 'truncated':
      course.delivery = { ...delivery, endAfter: fault.afterBytes };
      return;
    case 'slow':
      course.delivery = { ...delivery, bytesPerSecond: fault.bytesPerSecond };
      return;
    case 'clockSkew':
      course.delivery = { ...delivery, clockSkew: fault.millis };
      return;
    case 'status':
      course.instead ??= statusAnswer(fault, request);
      return;
    case 'neuvector':
      course.instead ??= refused(new Refusal(fault.status, fault.code, fault.message));
      return;
    case 'html':
      course.instead ??= htmlAnswer(fault);
      return;
    case 'redirect':
      course.instead ??= redirectAnswer(fault);
      return;
    case 'proxyAuthentication':
      course.instead ??= proxyAuthenticationAnswer();
      return;
    case 'continueExpired':
      course.instead ??= continueExpired();
      return;
    case 'credentialsLost':
      course.request = anonymous(request);
      return;
    case 'stale':
      course.request = { ...request, staleAt: revision };
      return;
    case 'watchDropped': {
      const dropped = dropWatch(fault, request);
      course.request = dropped.request;
      changes.push(dropped.change);
      return;
    }
    case 'unready':
      course.request = { ...request, query: new URLSearchParams({ verbose: '' }) };
      changes.push((answer) => unready(fault, path, answer));
      return;
    case 'apiUnavailable':
      if (path !== '/apis') course.instead ??= serviceUnavailable();
      else changes.push((answer) => apiUnavailable(fault, answer));
      course.request = withoutCondition(request);
      return;
    case 'version':
      changes.push((answer) => otherVersion(fault, answer));
      return;
    case 'otherCluster':
      changes.push(otherCluster);
      return;
    default:
      unreachable(fault);
  }
}

function anonymous(request: ApiRequest): ApiRequest {
  const { certificateUser: _user, headers, ...rest } = request;
  const { authorization: _token, ...kept } = headers;
  return { ...rest, headers: kept };
}

/** What is changed on its way cannot be compared with what the client has. */
function withoutCondition(request: ApiRequest): ApiRequest {
  const { 'if-none-match': _, ...headers } = request.headers;
  return { ...request, headers };
}
