import { z } from 'zod';
import type { LocalParts } from '../credential/checkLocally.ts';

const text = z.string();

const credential = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('token'), token: text }),
  z.strictObject({ type: z.literal('certificate'), certificate: text, key: text }),
  z.strictObject({
    type: z.literal('eks'),
    region: text,
    clusterName: text,
    accessKeyId: text.exactOptional(),
    secretAccessKey: text.exactOptional(),
    roleArn: text.exactOptional(),
  }),
]);

const opened = z.strictObject({
  /** PEM. Public, and sealed all the same: whom we trust lies where what we trust him with lies. */
  ca: text.exactOptional(),
  /** `user:password`, as the proxy takes it. */
  proxyCredential: text.exactOptional(),
  credential,
});

/** What is sealed of a cluster. A kubeconfig has been taken apart: what is kept is a token or a certificate. */
export type Opened = z.infer<typeof opened>;
export type OpenedCredential = Opened['credential'] & LocalParts['credential'];

export const writeOpened = (secret: Opened): string => JSON.stringify(secret);

/** Undefined where it is none: what it held instead is told to nobody. */
export function readOpened(plain: Uint8Array): Opened | undefined {
  try {
    return opened.safeParse(JSON.parse(Buffer.from(plain).toString('utf8'))).data;
  } catch {
    // JSON's own error repeats the text.
    return undefined;
  }
}
