import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const audience = 'https://drover.example/api';

/** A real OpenID Connect provider on loopback, which gives out JWT access tokens with whatever claims are set. */
export async function anIssuer() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let claims: Record<string, unknown> = { roles: ['operator'] };
  let audienceOfTokens = audience;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'robot',
        client_secret: 'robot-secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    cookies: { keys: ['test'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => ({
          scope: '',
          audience: audienceOfTokens,
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt' as const,
        }),
      },
    },
    extraTokenClaims: () => claims,
  });
  const answer = provider.callback();
  let requests: string[] = [];
  let isDown = false;
  server.on('request', (request, response) => {
    requests.push(request.url ?? '');
    if (isDown) request.socket.destroy();
    else void answer(request, response);
  });
  return {
    issuer,
    get requests() {
      return requests;
    },
    forget: () => {
      requests = [];
    },
    goDown: (down: boolean) => {
      isDown = down;
    },
    async token(wish: { claims?: Record<string, unknown>; audience?: string } = {}): Promise<string> {
      claims = wish.claims ?? { roles: ['operator'] };
      audienceOfTokens = wish.audience ?? audience;
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from('robot:robot-secret').toString('base64')}`,
        },
        body: 'grant_type=client_credentials',
      });
      const body = (await response.json()) as { access_token: string };
      if (!body.access_token) throw new Error(JSON.stringify(body));
      return body.access_token;
    },
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

export const fetchJson = async (url: string): Promise<unknown> => (await fetch(url)).json();
