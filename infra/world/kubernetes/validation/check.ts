import type { Resource } from '../kinds/kinds.ts';
import type { KubeObject } from '../objects.ts';
import { type Cause, qualified } from '../status.ts';
import { checkBuiltIn } from './builtIn.ts';
import { checkMetadata, checkMetadataUpdate } from './metadata.ts';
import { rules } from './rules.ts';
import { rulesInCode } from './rulesInCode.ts';
import { checkAgainst } from './structural.ts';

/** What is wrong with an object, after its defaults, in the words of the real server. */
export function check(resource: Resource, object: KubeObject, before?: KubeObject): Cause[] {
  const own = rules[qualified(resource)];
  return [
    ...(before ? checkMetadataUpdate(object, before) : []),
    ...checkMetadata(resource, object),
    ...(own ? own(object, before) : withRules(resource, object, before, checkBySchema(resource, object))),
  ];
}

/** What is wrong with the pods of a workload is told last. */
function withRules(
  resource: Resource,
  object: KubeObject,
  before: KubeObject | undefined,
  causes: Cause[],
): Cause[] {
  const more = rulesInCode[qualified(resource)]?.(object, before) ?? [];
  const ofPods = ({ field }: Cause) => field?.startsWith('spec.template.spec') ?? false;
  const ofMetadata = ({ field }: Cause) => field?.startsWith('metadata') ?? false;
  const all = [...causes.filter((one) => !ofPods(one)), ...more.filter((one) => !ofPods(one))];
  return [
    ...all.filter(ofMetadata),
    ...all.filter((one) => !ofMetadata(one)),
    ...causes.filter(ofPods),
    ...more.filter(ofPods),
  ];
}

/** Clients may leave out fields of these that OpenAPI calls required. */
const unchecked = new Set([
  'events',
  'events.events.k8s.io',
  'endpointslices.discovery.k8s.io',
  'serviceaccounts',
]);

function checkBySchema(resource: Resource, object: KubeObject): Cause[] {
  const { schema } = resource;
  if (!schema || unchecked.has(qualified(resource))) return [];
  if (resource.isCustom) return checkAgainst(object, schema);
  const { metadata: _metadata, status: _status, ...rest } = object;
  return checkBuiltIn(rest, schema);
}
