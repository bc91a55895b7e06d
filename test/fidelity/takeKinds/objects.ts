import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject, ManagedFieldsEntry } from '../../../infra/world/kubernetes/objects.ts';

/** What is of one server only: its name, its certificates, what happens on it. */
const ofOneServer = [
  'clustertrustbundles',
  'componentstatuses',
  'configmaps',
  'endpoints',
  'events',
  'leases',
  'secrets',
];

export const isOfEveryServer = (plural: string): boolean => !ofOneServer.includes(plural);

/** Controllers make their objects within the first seconds: those are all there when none was added for a while. */
export async function settled(count: () => Promise<number>): Promise<void> {
  const tries = 60;
  let [before, unchanged] = [-1, 0];
  for (let tried = 0; tried < tries && unchanged < 6; tried++) {
    const now = await count();
    unchanged = now === before ? unchanged + 1 : 0;
    before = now;
    await sleep(500);
  }
}

/** Without what the server gives at creation. */
export function asTemplate(object: KubeObject, apiVersion: string, kind: string): KubeObject {
  const { uid, resourceVersion, creationTimestamp, managedFields, ...metadata } = object.metadata;
  const kept = managedFields ? { ...metadata, managedFields: managedFields.map(withoutTime) } : metadata;
  const { status } = object as { status?: { conditions?: readonly { lastTransitionTime?: string }[] } };
  const conditions = status?.conditions?.map(({ lastTransitionTime, ...condition }) => condition);
  return {
    ...object,
    apiVersion,
    kind,
    metadata: kept,
    ...(conditions ? { status: { ...status, conditions } } : {}),
  };
}

const withoutTime = ({ time, ...entry }: ManagedFieldsEntry): ManagedFieldsEntry => entry;
