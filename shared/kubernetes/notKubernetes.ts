import type { DroverError } from '#errors';
import type { KubeAnswer } from './access.ts';
import { kubernetesError } from './errors.ts';

/** Nothing of what it says is told: only what it calls itself. */
export function notKubernetes({
  asked,
  status,
  headers,
}: Pick<KubeAnswer, 'asked' | 'status' | 'headers'>): DroverError {
  const [contentType] = String(headers['content-type'] ?? '').split(';');
  const isName = /^[\w.+-]{1,40}\/[\w.+-]{1,60}$/.test(contentType!);
  return kubernetesError('NOT_KUBERNETES', {
    ...asked,
    status,
    contentType: isName ? contentType! : { en: 'no content type', zh: '无内容类型' },
  });
}
