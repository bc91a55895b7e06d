import type { ApiAnswer, ApiRequest } from '../api.ts';
import { issuer, type ServiceAccountKey } from '../auth/index.ts';
import { requireRoute } from './negotiation.ts';

/** Who issues the tokens of service accounts, for those who check them elsewhere. */
export const configuration = (request: ApiRequest, address: string): ApiAnswer =>
  document(request, 'application/json', {
    issuer,
    jwks_uri: `https://${address}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  });

export const keys = (request: ApiRequest, key: ServiceAccountKey): ApiAnswer =>
  document(request, 'application/jwk-set+json', { keys: [key.jwk()] });

function document(request: ApiRequest, type: string, body: unknown): ApiAnswer {
  requireRoute(request.headers.accept, [type]);
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=3600' };
  return { status: 200, headers, body: JSON.stringify(body) };
}
