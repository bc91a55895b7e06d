import { Agent, request } from 'undici';

/** A cluster and an administrator of it, as the cases of the suite are given it. Plain data: it crosses processes. */
export interface RealCluster {
  /** `https://host:port` */
  readonly server: string;
  readonly caPem: string;
  readonly clientCertPem: string;
  readonly clientKeyPem: string;
  /** The administrator's kubeconfig file. */
  readonly kubeconfig: string;
  /** The kubectl to run. */
  readonly kubectl: string;
  /** As in `/version`: `v1.37.1`. */
  readonly version: string;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what an API server says has no one type.
  readonly body: any;
}

export interface Connection {
  /** `path` begins with a slash and holds the query. JSON both ways; a text is answered as a text. */
  send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, given?: Given): Promise<Answer>;
  close(): Promise<void>;
}

export interface Given {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Credentials = Pick<RealCluster, 'server' | 'caPem'> &
  Partial<Pick<RealCluster, 'clientCertPem' | 'clientKeyPem'>>;

/** Without a client certificate, whoever the headers say: anonymous or the bearer of a token. */
export function connect(to: Credentials, connections = 8): Connection {
  const tls = to.clientCertPem === undefined ? {} : { cert: to.clientCertPem, key: to.clientKeyPem };
  const dispatcher = new Agent({ connections, connect: { ca: to.caPem, ...tls } });
  return {
    async send(method, path, { body, headers } = {}) {
      const {
        statusCode,
        headers: answered,
        body: content,
      } = await request(`${to.server}${path}`, {
        method,
        dispatcher,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const isJson = String(answered['content-type']).includes('json');
      return { status: statusCode, body: isJson ? await content.json() : await content.text() };
    },
    close: () => dispatcher.close(),
  };
}
