import type { ApiAnswer } from '../api.ts';
import { answerObject } from '../http/present.ts';
import type { StoredObject } from '../objects.ts';
import { notFound } from '../status.ts';
import { keyOf } from '../store/objects.ts';
import type { Call } from './call.ts';
import { atLeast, pastOf, revisionIn } from './revisions.ts';

export function get(call: Call): ApiAnswer {
  const { cluster, request } = call;
  const version = request.query.get('resourceVersion') ?? '';
  if (version !== '') atLeast(cluster.objects, revisionIn(version));
  return answerObject(call, existing(call));
}

export function existing({ cluster, request, resource, namespace, name }: Call): StoredObject {
  const { objects } = cluster;
  const text = objects.shelf(resource).text(keyOf(namespace, name!), pastOf(objects, request.staleAt));
  if (text === undefined) throw notFound(resource, name!);
  return JSON.parse(text) as StoredObject;
}
