import type { FieldError } from '#errors';
import { isLabelKey, isLabelValue } from '#labels';
import { namespaceError } from './errors.ts';

/** What somebody wants of a namespace; null takes a label or annotation away. */
export interface NamespaceWish {
  labels?: Record<string, string | null> | undefined;
  annotations?: Record<string, string | null> | undefined;
}

/** Kubernetes' own bound, of all of an object's annotations together. */
const mostAnnotationBytes = 256 * 1024;
/** The server sets it, and only to this namespace's name. */
const ownLabel = 'kubernetes.io/metadata.name';

export function checkNewName(name: string): void {
  checkName(name);
  if (name.startsWith('kube-')) throw namespaceError('NAMESPACE_RESERVED', { name });
}

export function checkName(name: string): void {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))
    throw namespaceError('NAMESPACE_NAME_INVALID', {}, { fields: [{ path: 'name', ...invalid.name }] });
}

export function checkWish({ labels = {}, annotations = {} }: NamespaceWish): void {
  const fields: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    const path = `labels.${key}`;
    if (key === ownLabel) fields.push({ path, ...invalid.own });
    else if (!isLabelKey(key)) fields.push({ path, ...invalid.key });
    else if (value !== null && !isLabelValue(value)) fields.push({ path, ...invalid.value });
  }
  for (const key of Object.keys(annotations)) {
    // Kubernetes compares annotations in lower case.
    if (!isLabelKey(key.toLowerCase())) fields.push({ path: `annotations.${key}`, ...invalid.key });
  }
  const [first] = fields;
  if (first) throw namespaceError('NAMESPACE_LABEL_INVALID', { at: first.path }, { fields });
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value ?? ''),
    0,
  );
  if (bytes > mostAnnotationBytes)
    throw namespaceError('NAMESPACE_TOO_LARGE', { bytes, most: mostAnnotationBytes });
}

const invalid = {
  name: {
    code: 'pattern',
    message: { en: 'name is no DNS label', zh: 'name 不是 DNS 标签' },
  },
  key: {
    code: 'pattern',
    message: { en: 'is no key of Kubernetes’', zh: '不是有效的 Kubernetes 键' },
  },
  value: {
    code: 'pattern',
    message: { en: 'has a value that no label may have', zh: '的值不是有效的标签值' },
  },
  own: {
    code: 'immutable',
    message: { en: 'is set by Kubernetes itself', zh: '由 Kubernetes 自身设置' },
  },
} as const;
