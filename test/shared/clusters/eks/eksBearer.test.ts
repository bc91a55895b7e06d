import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createNet } from '#net';
import { hour, minute } from '#time';
import { createEksBearers } from '../../../../shared/clusters/eks/eksBearer.ts';
import type { AwsCredentials } from '../../../../shared/clusters/eks/presign.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';
import { ca, certificates, key } from '../../../fixtures/tls/index.ts';

const keys = { accessKeyId: 'AKIDEXAMPLEAKIDEXAMPLE', secretAccessKey: 'a secret of the test' };
const own: AwsCredentials = {
  accessKeyId: 'ASIADROVERSOWNKEY',
  secretAccessKey: 'ours',
  sessionToken: 'ours+too',
};
const cluster = { region: 'eu-central-1', clusterName: 'store-42' };
const eks = { server: 'https://0123ABCD.gr7.eu-central-1.eks.amazonaws.com' };
const elsewhere = { server: 'https://10.0.0.7:6443' };
const roleArn = 'arn:aws:iam::123456789012:role/store-reader';

/** What STS was asked, and what it answers next. */
let asked: URL[] = [];
let answer: () => { status: number; body: string };
let sts: Server;

const granted = (name: string, expiresAt: number) => `<?xml version="1.0"?>
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>${name}</AccessKeyId><SecretAccessKey>se/cr+et=</SecretAccessKey>
<SessionToken>to/ken+${name}==</SessionToken><Expiration>${new Date(expiresAt).toISOString()}</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`;

beforeAll(async () => {
  sts = createServer({ key, cert: certificates.server }, (request, response) => {
    asked.push(new URL(`https://${request.headers.host}${request.url}`));
    const { status, body } = answer();
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
});
afterAll(() => sts.close());
beforeEach(() => {
  asked = [];
});

function aSigner({ environment = own }: { environment?: AwsCredentials | undefined } = {}) {
  const clock = new SteppedClock();
  const net = createNet({ clock, allowLoopback: true, resolve: async () => ['127.0.0.1'] });
  const { port } = sts.address() as AddressInfo;
  let granting = 0;
  answer = () => ({ status: 200, body: granted(`ASIASESSION${++granting}`, clock.now() + hour) });
  const bearers = createEksBearers({
    clock,
    environment: () => environment,
    net: {
      // The name that was asked for is the one that would be dialled; here it leads to the double.
      send: (policy, { url, ...more }) => {
        expect(new URL(url).host).toBe('sts.eu-central-1.amazonaws.com');
        const to = url.replace('sts.eu-central-1.amazonaws.com', `127.0.0.1:${port}`);
        return net.send(policy, { ...more, url: to, tls: { ca } });
      },
    },
  });
  return { clock, bearers };
}

const signerOf = (bearer: () => string): URLSearchParams =>
  new URL(Buffer.from(bearer().slice('k8s-aws-v1.'.length), 'base64url').toString()).searchParams;
const accessKeyOf = (bearer: () => string) => signerOf(bearer).get('X-Amz-Credential')!.split('/')[0];

describe('a token for EKS', () => {
  test('is signed with the keys that came with the cluster, wherever it is, and nobody is asked', async () => {
    const { bearers } = aSigner();
    const bearer = await bearers.bearerOf({ ...cluster, ...keys }, { ...elsewhere, proxy: 'http://proxy' });
    expect(accessKeyOf(bearer)).toBe(keys.accessKeyId);
    expect(asked).toEqual([]);
  });

  test('is the same until a minute before its end, and then another', async () => {
    const { bearers, clock } = aSigner();
    const bearer = await bearers.bearerOf({ ...cluster, ...keys }, eks);
    const first = bearer();
    await clock.step(14 * minute - 1);
    expect(bearer()).toBe(first);
    await clock.step(1);
    expect(bearer()).not.toBe(first);
  });

  test('is signed with Drover’s own identity where no keys came along', async () => {
    const { bearers } = aSigner();
    const bearer = await bearers.bearerOf(cluster, eks);
    expect(accessKeyOf(bearer)).toBe(own.accessKeyId);
    expect(signerOf(bearer).get('X-Amz-Security-Token')).toBe(own.sessionToken);
  });

  test.each([
    ['another host', elsewhere],
    ['a host that only sounds like EKS', { server: 'https://eu-central-1.eks.amazonaws.com.example.org' }],
    ['a host of another region', { server: 'https://0123.gr7.us-east-1.eks.amazonaws.com' }],
    ['another port', { server: `${eks.server}:8443` }],
    ['a proxy', { ...eks, proxy: 'http://proxy.example.org:3128' }],
  ])('is not made with Drover’s own identity for %s', async (_, place) => {
    const { bearers } = aSigner();
    for (const credential of [cluster, { ...cluster, roleArn }]) {
      await expect(bearers.bearerOf(credential, place)).rejects.toMatchObject({ code: 'EKS_SERVER_FOREIGN' });
    }
    expect(asked).toEqual([]);
  });

  test.each(['https://0.gr7.eu-central-1.eks.amazonaws.com/', 'https://0.eks-cluster.eu-central-1.api.aws'])(
    'may be made with it for %s',
    async (server) => {
      const { bearers } = aSigner();
      expect(accessKeyOf(await bearers.bearerOf(cluster, { server }))).toBe(own.accessKeyId);
    },
  );

  test('cannot be made where nobody has keys', async () => {
    const clock = new SteppedClock();
    const net = { send: () => Promise.reject(new Error('nothing is to be sent')) };
    const bearers = createEksBearers({ clock, net, environment: () => undefined });
    await expect(bearers.bearerOf(cluster, eks)).rejects.toMatchObject({ code: 'EKS_NO_IDENTITY' });
  });
});

describe('a role', () => {
  const credential = { ...cluster, ...keys, roleArn };

  test('is asked of STS by the cluster’s keys, and signs with what STS gave', async () => {
    const { bearers } = aSigner();
    const bearer = await bearers.bearerOf(credential, elsewhere);
    expect(accessKeyOf(bearer)).toBe('ASIASESSION1');
    expect(signerOf(bearer).get('X-Amz-Security-Token')).toBe('to/ken+ASIASESSION1==');
    expect(asked).toHaveLength(1);
    expect(Object.fromEntries(asked[0]!.searchParams)).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: roleArn,
      RoleSessionName: 'drover',
      'X-Amz-Credential': expect.stringContaining(`${keys.accessKeyId}/`),
    });
  });

  test('is taken once for all clusters with the same keys, until ten minutes before its end', async () => {
    const { bearers, clock } = aSigner();
    await bearers.bearerOf(credential, elsewhere);
    await bearers.bearerOf({ ...credential, clusterName: 'another' }, elsewhere);
    await clock.step(50 * minute - 1);
    await bearers.bearerOf(credential, elsewhere);
    expect(asked).toHaveLength(1);
    await clock.step(1);
    expect(accessKeyOf(await bearers.bearerOf(credential, elsewhere))).toBe('ASIASESSION2');
  });

  test('is renewed behind a connection that stays', async () => {
    const { bearers, clock } = aSigner();
    const bearer = await bearers.bearerOf(credential, elsewhere);
    await clock.step(51 * minute);
    expect(accessKeyOf(bearer)).toBe('ASIASESSION1');
    // The next to come waits for what was begun.
    await bearers.bearerOf(credential, elsewhere);
    expect(asked).toHaveLength(2);
    await clock.step(15 * minute);
    expect(accessKeyOf(bearer)).toBe('ASIASESSION2');
  });

  test.each([
    [
      'AWS refuses',
      403,
      '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>',
      'AccessDenied',
    ],
    ['something else answers', 200, '<html>Sign in</html>', 'incomplete'],
    ['AWS answers nothing of use', 500, '', 'unknown'],
  ])('that cannot be had is told of where %s', async (_, status, body, reason) => {
    const { bearers } = aSigner();
    answer = () => ({ status, body });
    const error = await bearers.bearerOf(credential, elsewhere).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'EKS_ROLE_REFUSED', values: { status, reason, role: roleArn } });
    expect(String(error)).not.toContain(keys.secretAccessKey);
    answer = () => ({ status: 200, body: granted('ASIALATER', Date.parse('2026-03-01T11:00:00Z')) });
    expect(accessKeyOf(await bearers.bearerOf(credential, elsewhere))).toBe('ASIALATER');
  });
});
