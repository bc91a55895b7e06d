import { z } from 'zod';
import type { Row } from '#reconcile';
import { createRecordSecrets, type Opening, type RecordSecrets, type SecretPorts } from '#secrets';
import type { MembershipData, Sealed } from '../model.ts';
import { accessError } from './errors.ts';

const text = z.string();

const credential = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('password'), username: text, password: text }),
  z.strictObject({ type: z.literal('apiKey'), name: text, secret: text }),
]);

const sealed = z.strictObject({
  controller: z.strictObject({ ca: text.exactOptional(), credential }),
  primary: z
    .strictObject({ ca: text.exactOptional(), credential: credential.exactOptional() })
    .exactOptional(),
  token: text.exactOptional(),
});

/** Undefined where it is none: what it held instead is told to nobody. */
function readSealed(plain: Uint8Array): Sealed | undefined {
  try {
    return sealed.safeParse(JSON.parse(Buffer.from(plain).toString('utf8'))).data;
  } catch {
    // JSON's own error repeats the text.
    return undefined;
  }
}

export type SealedRow = Pick<Row<MembershipData>, 'id' | 'kind' | 'name'> & {
  data: Pick<MembershipData, 'slot' | 'secretVersion'>;
};

/** What is sealed of memberships: a worker's alone, never the HTTP function's. */
export interface MembershipSecrets extends Omit<RecordSecrets<Sealed>, 'open'> {
  /** Throws a DroverError that says what is the matter where it cannot be opened. */
  open(row: SealedRow, opening: Opening): Promise<Sealed>;
}

export function createMembershipSecrets(ports: SecretPorts): MembershipSecrets {
  const secrets = createRecordSecrets<Sealed>(ports, {
    area: 'join',
    action: 'join.openCredential',
    write: (opened) => JSON.stringify(opened),
    read: readSealed,
    missing: (values) => accessError('MEMBERSHIP_SECRET_MISSING', values),
  });
  return {
    ...secrets,
    open: ({ id, kind, name, data: { slot, secretVersion: version } }, opening) =>
      secrets.open({ id, kind, name, slot, version }, opening),
  };
}
