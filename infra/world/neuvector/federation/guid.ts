import { randomBytes } from 'node:crypto';

/** A secret or an id: 32 hexadecimal digits. */
export const newGuid = (): string => randomBytes(16).toString('hex');
