import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readController, readSettings } from '#settings';
import { membershipOf } from '../../../shared/join/settings/membershipOf.ts';
import { controllerTable } from '../../../shared/settings/controllerTable.ts';
import { aWorldCluster, connected } from '../../shared/kubernetes/aWorldCluster.ts';

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  automountServiceAccountToken?: boolean;
}
const text = readFileSync('infra/cluster/one-controller.yaml', 'utf8');
const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const ofKind = (kind: string, name: string) =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name)!;
const config = ofKind('ConfigMap', 'drover-controller');
const secret = ofKind('Secret', 'drover-controller');
const files = ofKind('Secret', 'drover-controller-files');

/** As `envFrom` gives them to the process. */
const environment = { ...config.data, ...secret.stringData };

test('every name in them is a setting, and no secret stands in the ConfigMap', () => {
  const settings = Object.values(controllerTable);
  const names = settings.map(({ name }) => name as string);
  expect(names).toEqual(expect.arrayContaining(Object.keys(environment)));
  const secrets = settings.filter(({ isSecret }) => isSecret).map(({ name }) => name as string);
  expect(Object.keys(secret.stringData!).sort()).toEqual(secrets.sort());
});

test('they describe a whole membership that joins, with nothing missing or malformed', () => {
  const { controller } = readSettings(environment);
  expect(readController(controller).faults).toEqual([]);
  expect(membershipOf(controller)).toMatchObject({
    is: 'whole',
    body: {
      join: true,
      storeId: 'u2204a',
      controller: {
        address: config.data!.CTRL_API_SERVICE,
        credential: { type: 'password', username: 'drover' },
      },
    },
  });
});

test('every file that a setting refers to is a key of the Secret that is mounted there', () => {
  const referred = Object.values(environment).flatMap((value) => {
    const [, name] = /^file:\/etc\/drover\/controller\/(.+)$/.exec(value) ?? [];
    return name === undefined ? [] : [name];
  });
  expect(referred.sort()).toEqual(Object.keys(files.stringData!).sort());
});

test('a simulated cluster takes them, and gives back what was given; nothing is granted', async () => {
  const { access } = await aWorldCluster();
  const connection = await connected(access);
  const kinds: Record<string, string> = {
    ServiceAccount: 'serviceaccounts',
    ConfigMap: 'configmaps',
    Secret: 'secrets',
  };
  for (const manifest of manifests) {
    const path = `/api/v1/namespaces/default/${kinds[manifest.kind]}`;
    expect((await connection.send({ method: 'POST', path, body: manifest })).status).toBe(201);
  }
  const read = async (path: string) =>
    (await connection.send({ path: `/api/v1/namespaces/default/${path}` })).json() as Manifest;
  expect((await read('configmaps/drover-controller')).data).toEqual(config.data);
  const stored = (await read('secrets/drover-controller')).data!;
  const decoded = Object.entries(stored).map(([name, value]) => [
    name,
    Buffer.from(value, 'base64').toString(),
  ]);
  expect(Object.fromEntries(decoded)).toEqual(secret.stringData);
  expect((await read('serviceaccounts/drover')).automountServiceAccountToken).toBe(false);
  expect(manifests.map(({ kind }) => kind)).not.toContain('RoleBinding');
});
