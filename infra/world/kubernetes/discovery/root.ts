import { kindsData } from '../kinds/data.ts';
import type { Group } from '../kinds/kinds.ts';

const others = [
  '/.well-known/openid-configuration',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/version',
];

/** `/`: the paths that have an answer. */
export function root(groups: readonly Group[]) {
  const health = Object.entries(kindsData().health).flatMap(([endpoint, checks]) => [
    `/${endpoint}`,
    ...checks.map((check) => `/${endpoint}/${check}`),
  ]);
  const apis = groups.flatMap(({ name, versions }) => [
    `/apis/${name}`,
    ...versions.map((version) => `/apis/${name}/${version}`),
  ]);
  return { paths: [...others, ...health, ...apis].sort() };
}
