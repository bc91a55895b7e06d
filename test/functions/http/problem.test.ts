import { expect, test } from 'vitest';
import { problemOf } from '../../../functions/http/problem.ts';
import { failureOf, found } from '../../../shared/clusters/finding.ts';

test('fields that an area found wrong are named in the reader’s language', () => {
  const error = failureOf([
    found('KUBECONFIG_PROXY', { at: 'clusters[0].cluster.proxy-url' }),
    found('KUBECONFIG_TAG', { at: { en: 'line 3', zh: '第 3 行' } }),
  ]);
  expect(problemOf(error, 'r', 'en').errors).toEqual([
    {
      path: 'clusters[0].cluster.proxy-url',
      code: 'KUBECONFIG_PROXY',
      message:
        'clusters[0].cluster.proxy-url names a proxy. A proxy is vetted like a cluster, so it is given apart.',
    },
  ]);
  expect(problemOf(error, 'r', 'zh').errors[0]?.message).toMatch(
    /^clusters\[0\]\.cluster\.proxy-url 指定了代理/,
  );
});
