import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApiRequest } from '../../../../../infra/world/kubernetes/api.ts';
import { decodeProtobuf, inJson } from '../../../../../infra/world/kubernetes/protobuf/decodeProtobuf.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';

const decoded = (base64: string) => decodeProtobuf(Buffer.from(base64, 'base64'));

// What kubectl 1.37.1 sent.
const deployment =
  'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Ep8BCh0KAmQxEgAaACIAKgAyADgAQgBaCQoDYXBwEgJkMRJwCAASCwoJCgNhcHASAmQxGlcKGwoAEgAaACIAKgAyADgAQgBaCQoDYXBwEgJkMRI4EhoKAXgSAXgqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==';
const secret = 'azhzAAoMCgJ2MRIGU2VjcmV0Eh8KEwoDc2VjEgAaACIAKgAyADgAQgASBgoBYRIBYhoAGgAiAA==';
const service =
  'azhzAAoNCgJ2MRIHU2VydmljZRJsCh8KA3N2MRIAGgAiACoAMgA4AEIAWgoKA2FwcBIDc3YxEkUKHgoHODAtaHR0cBIDVENQGFAiCggBEAAaBGh0dHAoABIKCgNhcHASA3N2MRoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==';
const quota =
  'azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRInChIKAnExEgAaACIAKgAyADgAQgASDwoNCgNjcHUSBgoENTAwbRoAGgAiAA==';
const tokenRequest =
  'azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIdChAKABIAGgAiACoAMgA4AEIAEgMg2AQaBAoAEgAaACIA';

test('kubectl create deployment --image=x --replicas=0', () => {
  expect(decoded(deployment)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd1', labels: { app: 'd1' } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'd1' } },
      template: {
        metadata: { labels: { app: 'd1' } },
        spec: { containers: [{ name: 'x', image: 'x', resources: {} }] },
      },
      strategy: {},
    },
    status: {},
  });
});

test.each([
  ['bytes are base64', secret, { data: { a: 'Yg==' } }],
  ['a port is a number or a name', service, { spec: { ports: [{ port: 80, targetPort: 'http' }] } }],
  ['a quantity is a text', quota, { spec: { hard: { cpu: '500m' } } }],
  [
    'a subresource is decoded as what it is',
    tokenRequest,
    { kind: 'TokenRequest', spec: { expirationSeconds: 600 } },
  ],
])('%s', (_, sent, part) => {
  expect(decoded(sent)).toMatchObject(part);
});

test('only protobuf becomes JSON', () => {
  const request = (headers: Record<string, string>, body: string): ApiRequest => ({
    method: 'POST',
    path: '/api/v1/namespaces/default/secrets',
    query: new URLSearchParams(),
    headers,
    body: Buffer.from(body, 'base64'),
    signal: new AbortController().signal,
  });
  const sent = inJson(request({ 'content-type': 'application/vnd.kubernetes.protobuf' }, secret));
  expect(sent.headers['content-type']).toBe('application/json');
  expect(JSON.parse(Buffer.from(sent.body).toString())).toEqual(decoded(secret));
  for (const other of [
    request({ 'content-type': 'application/json' }, secret),
    request({ 'content-type': 'application/vnd.kubernetes.protobuf' }, ''),
  ])
    expect(inJson(other)).toBe(other);
});

test('a body that ends too early is refused', () => {
  const bytes = Buffer.from(deployment, 'base64').subarray(0, -8);
  expect(() => decodeProtobuf(bytes)).toThrow('the message ends within a field');
});

test('what is broken is refused, whatever is broken about it', () => {
  const whole = Buffer.from(deployment, 'base64');
  const attempt = (bytes: Buffer) => {
    try {
      decodeProtobuf(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(StatusError);
      expect((error as StatusError).status.code).toBe(400);
    }
  };
  fc.assert(
    fc.property(fc.nat(whole.length), (length) => attempt(whole.subarray(0, length))),
    { seed: 1 },
  );
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(whole);
      bytes[at] = byte;
      attempt(bytes);
    }),
    { seed: 1 },
  );
});
