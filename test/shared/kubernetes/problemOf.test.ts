import { describe, expect, test } from 'vitest';
import { say } from '#errors';
import { type KubeAnswer, kubernetesErrors, problemOf } from '#kubernetes';
import { Answer } from '../../../shared/kubernetes/answer.ts';

const json = { 'content-type': 'application/json' };
const anAnswer = (
  status: number,
  body: unknown = '',
  headers: KubeAnswer['headers'] = json,
  path = '/api/v1/pods',
): KubeAnswer =>
  new Answer({
    asked: { host: 'api.example.com', port: 6443, method: 'GET', path },
    status,
    headers,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ms: 1,
  });
const aStatus = (message: string, more: object = {}) => ({
  kind: 'Status',
  status: 'Failure',
  message,
  ...more,
});
const html = { 'content-type': 'text/html' };
const plain = { 'content-type': 'text/plain; charset=utf-8' };

const forbidden = (user: string) =>
  `pods is forbidden: User "${user}" cannot list resource "pods" in API group "" at the cluster scope`;

describe('what a status and its body mean', () => {
  test.each<[string, KubeAnswer, string | undefined, object?]>([
    ['done', anAnswer(200, {}), undefined],
    ['made', anAnswer(201, {}), undefined],
    ['healthy, in plain text', anAnswer(200, 'ok', plain), undefined],
    ['a page', anAnswer(200, '<html>', html), 'NOT_KUBERNETES', { contentType: 'text/html' }],
    [
      'a redirect',
      anAnswer(302, '', { location: 'https://169.254.169.254/' }),
      'REDIRECTED',
      { status: 302 },
    ],
    ['nobody we know', anAnswer(401, aStatus('Unauthorized')), 'AUTH_REJECTED'],
    ['a login', anAnswer(401, 'Sign in', html), 'NOT_KUBERNETES', { status: 401 }],
    ['a login that speaks JSON', anAnswer(401, { error: 'no' }), 'NOT_KUBERNETES'],
    ['nobody at all', anAnswer(403, aStatus(forbidden('system:anonymous'))), 'CREDENTIALS_NOT_PRESENTED'],
    [
      'somebody who may not',
      anAnswer(403, aStatus(forbidden('system:serviceaccount:drover-system:drover'))),
      'PERMISSION_MISSING',
      { user: 'system:serviceaccount:drover-system:drover', permissions: 'list pods' },
    ],
    [
      'somebody who may not in a namespace',
      anAnswer(
        403,
        aStatus(
          'deployments.apps is forbidden: User "anna" cannot create resource "deployments" in API group "apps" in the namespace "shop"',
        ),
      ),
      'PERMISSION_MISSING',
      { user: 'anna', permissions: 'create deployments.apps in shop' },
    ],
    [
      'somebody who may not read a path',
      anAnswer(403, aStatus('forbidden: User "anna" cannot get path "/metrics"')),
      'PERMISSION_MISSING',
      { user: 'anna', permissions: 'get /metrics' },
    ],
    [
      'a quota',
      anAnswer(403, aStatus('pods "a" is forbidden: exceeded quota: small')),
      'REQUEST_REFUSED',
      { reason: 'pods "a" is forbidden: exceeded quota: small' },
    ],
    ['a firewall', anAnswer(403, 'Blocked', html), 'NOT_KUBERNETES'],
    ['an object that is not there', anAnswer(404, aStatus('pods "a" not found')), 'OBJECT_NOT_FOUND'],
    [
      'a group that is not served',
      anAnswer(404, '404 page not found\n', plain, '/apis/metrics.k8s.io/v1beta1/nodes'),
      'OBJECT_NOT_FOUND',
    ],
    ['no /version', anAnswer(404, '404 page not found\n', plain, '/version'), 'NOT_KUBERNETES'],
    ['another server', anAnswer(404, 'Not Found', html), 'NOT_KUBERNETES'],
    ['a proxy that asks', anAnswer(407, 'Who?', plain), 'PROXY_AUTH_REQUIRED'],
    ['one that is there', anAnswer(409, aStatus('exists', { reason: 'AlreadyExists' })), 'OBJECT_EXISTS'],
    ['a conflict', anAnswer(409, aStatus('changed', { reason: 'Conflict' })), 'OBJECT_CONFLICT'],
    ['too old', anAnswer(410, aStatus('too old', { reason: 'Expired' })), 'LIST_EXPIRED'],
    ['invalid', anAnswer(422, aStatus('is invalid', { reason: 'Invalid' })), 'OBJECT_INVALID'],
    ['a bad request', anAnswer(400, aStatus('no')), 'OBJECT_INVALID'],
    ['a teapot', anAnswer(418, 'short and stout', plain), 'NOT_KUBERNETES'],
    ['too many', anAnswer(429, 'Too many requests', plain), 'THROTTLED'],
    [
      'an error',
      anAnswer(500, aStatus('etcdserver: timed out')),
      'HTTP_5XX',
      { reason: 'etcdserver: timed out' },
    ],
    ['a gateway', anAnswer(502, '<html>secret</html>', html), 'HTTP_5XX', { reason: 'text/html' }],
    ['an error cut short', anAnswer(503, '{"kind":"Sta'), 'HTTP_5XX', { status: 503 }],
  ])('%s', (_, answer, code, values) => {
    const problem = problemOf(answer);
    expect(problem?.code).toBe(code);
    if (values) expect(problem!.values).toMatchObject(values);
    if (problem) {
      for (const language of ['en', 'zh'] as const) {
        const sentence = say(problem.entry.message, language, problem.values);
        expect(sentence).not.toMatch(/\{\w+\}|undefined|secret/);
        expect(sentence).toContain('api.example.com:6443');
      }
    }
  });

  test('who is throttled is told how long, and by which flow', () => {
    const flow = {
      'x-kubernetes-pf-flowschema-uid': 'a-flow',
      'x-kubernetes-pf-prioritylevel-uid': 'a-level',
    };
    expect(problemOf(anAnswer(429, '', { ...plain, ...flow, 'retry-after': '7' }))).toMatchObject({
      retryAfterSeconds: 7,
      values: { flowSchema: 'a-flow', priorityLevel: 'a-level' },
    });
    for (const given of ['Wed, 21 Oct 2026 07:28:00 GMT', '-1', '1e3', '']) {
      expect(
        problemOf(anAnswer(429, '', { ...plain, 'retry-after': given }))!.retryAfterSeconds,
      ).toBeUndefined();
    }
    expect(problemOf(anAnswer(503, '', { ...plain, 'retry-after': '3' }))!.retryAfterSeconds).toBe(3);
  });

  test('nobody is left alone for longer than five minutes', () => {
    const patient = anAnswer(503, aStatus('later'), { 'retry-after': '86400' });
    expect(problemOf(patient)).toMatchObject({ retryAfterSeconds: 300 });
  });

  test('the fields of what is invalid are told', () => {
    const causes = [
      { field: 'metadata.labels', reason: 'FieldValueInvalid', message: 'Invalid value: "a b"' },
      'not a cause',
    ];
    expect(problemOf(anAnswer(422, aStatus('is invalid', { details: { causes } })))!.fields).toEqual([
      { path: 'metadata.labels', code: 'FieldValueInvalid', message: 'Invalid value: "a b"' },
    ]);
  });

  test('a server’s words are short, on one line and without what it was sent', () => {
    const token = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"canary"}').toString('base64url')}.c2lnbmF0dXJl`;
    const said = problemOf(
      anAnswer(500, aStatus(`line\r\n\u0000break Authorization: Bearer ${token} ${'long '.repeat(10_000)}`)),
    )!;
    const reason = String(said.values.reason);
    expect(reason).toMatch(/^line break /);
    expect(reason.length).toBeLessThan(400);
    expect(reason + said.message).not.toContain(token);
  });

  test.each([
    { kind: 'Status', message: { toString: 1 }, reason: 7, details: { causes: 'x' } },
    { kind: 'Status', details: null },
    { kind: 'Status', details: { causes: [null, 1, { field: {} }] } },
    [],
    null,
    'x',
  ])('whatever the body holds: %j', (body) => {
    for (const status of [400, 401, 403, 404, 409, 410, 422, 500]) {
      expect(problemOf(anAnswer(status, JSON.stringify(body)))).toMatchObject({ code: expect.any(String) });
    }
  });
});

test('every value that a sentence names is given in both languages', () => {
  const names = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
  for (const { message, remedy } of Object.values(kubernetesErrors)) {
    for (const text of [message, remedy]) expect(names(text.zh)).toEqual(names(text.en));
  }
});
