import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import type { KubeObject, ManagedFieldsEntry, StoredObject } from '../../infra/world/kubernetes/objects.ts';
import type { Status } from '../../infra/world/kubernetes/status.ts';
import { aSimulatedCluster } from '../infra/world/kubernetes/aSimulatedCluster.ts';
import { type Answer, type Connection, connect } from './controlPlane/connection.ts';
import { type ChangeRequest, changeOf } from './patches/changes.ts';
import { differences } from './patches/differences.ts';
import { Random } from './patches/random.ts';
import { apiVersionOf, definition, type Subject, subjects } from './patches/subjects.ts';

/**
 * Random objects, and random changes of each: what the real server answers to a change, the simulation answers to it
 * too, given the same object before. `PATCHES_SEED` draws others, `PATCHES_OBJECTS` makes it longer.
 */
const seed = Number(process.env.PATCHES_SEED ?? 5);
const objects = Number(process.env.PATCHES_OBJECTS ?? 5);
const changes = 8;
const real = inject('real');
const namespace = `fidelity-patches-${seed}`;
const { send: ask, cluster: simulated } = aSimulatedCluster(Date.now());
let admin: Connection;

beforeAll(async () => {
  admin = connect(real);
  const inNamespace = { metadata: { name: namespace } };
  expect((await admin.send('POST', '/api/v1/namespaces', { body: inNamespace })).status).toBe(201);
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  expect((await admin.send('POST', definitions, { body: definition })).status).toBe(201);
  const trials = `/apis/fidelity.example/v1/namespaces/${namespace}/trials`;
  await vi.waitFor(async () => expect((await admin.send('GET', trials)).status).toBe(200), 10_000);
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
  await vi.waitFor(async () => expect((await admin.send('GET', account)).status).toBe(200), 20_000);

  expect((await ask('POST', '/api/v1/namespaces', inNamespace)).status).toBe(201);
  expect((await ask('POST', definitions, definition)).status).toBe(201);
  await simulated.settled();
});
afterAll(async () => {
  await admin.send(
    'DELETE',
    `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`,
  );
  await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  await admin.close();
});

test.each(subjects)('changes of a $kind are answered alike', { timeout: 300_000 }, async (subject) => {
  const compared = { alike: 0, refused: 0 };
  for (let index = 0; index < objects; index += 1) {
    const random = new Random(seed * 1000 + index);
    const path = await created(subject, random, `s${index}`);
    if (path === undefined) continue;
    for (let step = 0; step < changes; step += 1) {
      const found = await tried(path, (object) => changeOf(random, subject, object));
      if (!found) break;
      const { live, change, answer } = found;
      const isOurs = !isOfAnotherPart(answer);
      if (isOurs) {
        const ours = await simulate(subject, live, path, change);
        const where = `object ${index}, step ${step} of seed ${seed}: ${JSON.stringify({ change, live })}`;
        expect.soft(differences(comparable(answer), comparable(ours)), where).toEqual([]);
        compared[answer.status < 400 ? 'alike' : 'refused'] += 1;
      }
      if (answer.status < 400) await sendReal(path, change, {});
    }
    await removed(path);
  }
  expect(compared.alike).toBeGreaterThan(0);
});

const rootOf = ({ group, version, plural }: Subject) =>
  `${group ? `/apis/${group}` : '/api'}/${version}/namespaces/${namespace}/${plural}`;

async function created(subject: Subject, random: Random, name: string): Promise<string | undefined> {
  const whole = subject.whole(random);
  const body = {
    apiVersion: apiVersionOf(subject),
    kind: subject.kind,
    ...whole,
    metadata: { ...(whole.metadata as object), name },
  };
  const { status } = await admin.send('POST', `${rootOf(subject)}?fieldManager=maker`, { body });
  return status === 201 ? `${rootOf(subject)}/${name}` : undefined;
}

async function removed(path: string): Promise<void> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  await admin.send('PATCH', path, { headers, body: { metadata: { finalizers: null } } });
  await admin.send('DELETE', `${path}?gracePeriodSeconds=0&propagationPolicy=Background`);
}

/**
 * Controllers change objects too: a change counts if the object was the same before and after it was tried. An object
 * whose owners are made up may be gone.
 */
async function tried(path: string, make: (live: KubeObject) => ChangeRequest) {
  let live = await liveAt(path);
  const change = live && make(live);
  while (live && change) {
    const answer = await sendReal(path, change, { dryRun: 'All' });
    const after = await liveAt(path);
    if (after?.metadata.resourceVersion === live.metadata.resourceVersion) return { live, change, answer };
    live = after;
  }
  return undefined;
}

async function liveAt(path: string): Promise<KubeObject | undefined> {
  const { status, body } = await admin.send('GET', path);
  return status === 200 && body.metadata.deletionTimestamp === undefined ? body : undefined;
}

const withQuery = (path: string, change: ChangeRequest, more: Record<string, string>) =>
  `${path}?${new URLSearchParams({ ...change.query, ...more })}`;

async function sendReal(path: string, change: ChangeRequest, more: Record<string, string>): Promise<Answer> {
  try {
    return await admin.send(change.method, withQuery(path, change, more), {
      body: change.body,
      headers: { 'content-type': change.contentType, 'user-agent': change.userAgent },
    });
  } catch (error) {
    // A handler of the real server that panics closes the connection.
    return { status: 500, body: String(error) };
  }
}

async function simulate(
  subject: Subject,
  live: KubeObject,
  path: string,
  change: ChangeRequest,
): Promise<Answer> {
  const { kind: _kind, apiVersion: _version, ...stored } = live;
  simulated.objects.put({ group: subject.group, name: subject.plural }, stored as StoredObject);
  const headers = { 'content-type': change.contentType, 'user-agent': change.userAgent };
  const url = withQuery(path, change, { dryRun: 'All' });
  const { status, json, text } = await ask(change.method, url, change.body, headers);
  return { status, body: json ?? text };
}

/** Validation has cases of its own; what makes the real server panic is nobody's specification. */
const isOfAnotherPart = ({ status, body }: Answer): boolean =>
  (status === 422 && body.details?.causes !== undefined) || (status === 500 && typeof body === 'string');

const isStatus = (body: KubeObject | Status): body is Status =>
  body.kind === 'Status' || !('metadata' in body);

function comparable({ status, body }: { status: number; body: KubeObject | Status }) {
  if (isStatus(body)) {
    const causes = body.details?.causes?.toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
    return { status, body: causes ? { ...body, details: { ...body.details, causes } } : body };
  }
  const { resourceVersion: _, managedFields, ...metadata } = body.metadata;
  return {
    status,
    body: {
      ...body,
      metadata: { ...metadata, ...(managedFields ? { managedFields: timeless(managedFields) } : {}) },
    },
  };
}

const textOf = (value: unknown) => JSON.stringify(value);

/** The two clocks differ, and so does the order that times give. */
const timeless = (entries: ManagedFieldsEntry[]) =>
  entries
    .map(({ time, ...entry }) => ({ ...entry, hasTime: time !== undefined }))
    .sort((one, other) => (identity(one) < identity(other) ? -1 : 1));

const identity = ({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry) =>
  JSON.stringify([manager, operation, apiVersion, subresource]);
