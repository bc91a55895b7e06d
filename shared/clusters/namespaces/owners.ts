import type { KubeObject } from '#kubernetes';

/** Who owns a label or annotation, as `metadata.managedFields` tells it. */
export interface Owner {
  manager: string;
  isApplied: boolean;
}

export type Owned = 'labels' | 'annotations';

interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  fieldsV1?: { 'f:metadata'?: Record<string, Record<string, unknown> | undefined> };
}

export const drover = 'drover';

/** By key. One may have several owners, where they want the same of it. */
export function ownersOf(object: KubeObject, of: Owned): Map<string, Owner[]> {
  const { managedFields = [] } = object.metadata as { managedFields?: ManagedFields[] };
  const owners = new Map<string, Owner[]>();
  for (const { manager = '', operation, fieldsV1 } of managedFields) {
    for (const field of Object.keys(fieldsV1?.['f:metadata']?.[`f:${of}`] ?? {})) {
      if (!field.startsWith('f:')) continue;
      const key = field.slice(2);
      owners.set(key, [...(owners.get(key) ?? []), { manager, isApplied: operation === 'Apply' }]);
    }
  }
  return owners;
}

export const isOurs = ({ manager, isApplied }: Owner): boolean => manager === drover && isApplied;
