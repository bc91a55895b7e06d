import { request as ask } from 'node:https';
import type { Api } from '../play/api.ts';
import type { Json } from '../play/json.ts';
import type { Cases } from '../play/play.ts';

const some = '/api/v1/namespaces/default/configmaps';

/** What a client that checks the server sees: an answer's status, or the name of the error. */
function handshake(api: Api, given: { ca?: string; servername?: string; host?: string }): Promise<Json> {
  const { hostname, port } = new URL(api.world.server);
  return new Promise((resolve) => {
    const request = ask(
      { host: given.host ?? hostname, port, path: '/version', agent: false, ...given },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? null);
      },
    );
    request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    request.end();
  });
}

export const connecting: Cases = {
  'a server is known by its authority': async (api) => {
    api.note('with its authority', await handshake(api, { ca: api.world.caPem }));
    api.note('with none', await handshake(api, {}));
    api.note('as localhost', await handshake(api, { ca: api.world.caPem, servername: 'localhost' }));
    api.note('as another', await handshake(api, { ca: api.world.caPem, servername: 'other.example.com' }));
  },
  'a certificate of a stranger is no identity': async (api) => {
    await api.get(some, { as: 'foreign' });
    await api.get('/version', { as: 'foreign' });
    await api.get('/livez', { as: 'foreign' });
  },
  'a token that is none is refused': async (api) => {
    for (const token of ['nonsense', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])
      await api.get(some, { as: { token } });
    await api.get('/version', { as: { token: 'nonsense' } });
  },
  'a token of another kind of header is refused or not seen': async (api) => {
    const as = 'anonymous' as const;
    await api.get(some, { as, headers: { authorization: 'Basic YTpi' } });
    await api.get(some, { as, headers: { authorization: 'Bearer' } });
    await api.get(some, { as, headers: { authorization: 'Bearer ' } });
    await api.get(some, { as, headers: { authorization: 'bearer nonsense' } });
    await api.get(some, { as, headers: { authorization: '' } });
  },
  'a changed token is refused': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const [head, claims = '', signature] = token.split('.');
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, Json>;
    const forged = Buffer.from(JSON.stringify({ ...said, sub: 'system:serviceaccount:kube-system:default' }));
    await api.quietly('GET', some, { as: { token } });
    await api.get(some, { as: { token: [head, forged.toString('base64url'), signature].join('.') } });
  },
  'a token and a certificate together: the certificate counts': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    await api.post(reviews, {}, { headers: { authorization: `Bearer ${token}` } });
    await api.post(reviews, {}, { headers: { authorization: 'Bearer nonsense' } });
    await api.post(reviews, {}, { as: 'foreign', headers: { authorization: `Bearer ${token}` } });
  },
  'a token of an account that came anew is refused': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    await api.quietly('DELETE', `/api/v1/namespaces/${ns}/serviceaccounts/robot`);
    await api.quietly('POST', `/api/v1/namespaces/${ns}/serviceaccounts`, {
      body: { metadata: { name: 'robot' } },
    });
    await api.until(some, ({ status }) => status === 401, { as: { token } });
  },
  'a token in a query is not seen': async (api) => {
    const ns = await api.namespace();
    const token = await api.token(ns, 'robot');
    const answer = await api.quietly('GET', `${some}?access_token=${token}`, { as: 'anonymous' });
    api.note('status', answer.status);
  },
};
