import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { day } from '#time';
import { controllerCertificate } from '../../../infra/world/neuvector/certificate.ts';
import { type Answers, Refused } from '../../shared/neuvector/exporter/scenarios.ts';

export interface AnsweringServer extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
}

/** A controller that lets everybody in and says what it is told to; paths that end with a stroke lead to those without. */
export async function answeringServer(answers: Answers): Promise<AnsweringServer> {
  const { certPem: cert, keyPem: key } = controllerCertificate({
    notBefore: Date.now() - day,
    notAfter: Date.now() + day,
  });
  const server = createServer({ cert, key }, (request, response) => {
    const url = request.url!;
    const found = request.method === 'GET' ? answers[url] : { token: { token: 'a-session' } };
    if (found === undefined && url.endsWith('/')) {
      response.writeHead(301, { location: url.slice(0, -1) }).end();
      return;
    }
    const [status, body] = found instanceof Refused ? [found.status, { code: found.code }] : [200, found];
    response.writeHead(found === undefined ? 404 : status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
