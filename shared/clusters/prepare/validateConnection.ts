import { DroverError } from '#errors';
import { isCapability } from '../accessManifest/permissions.ts';
import type { ClusterCall } from '../calls.ts';
import { parseFailure } from '../ladder/parseFailure.ts';
import type { Validation } from '../ladder/validation.ts';
import { readConnection } from './connection.ts';
import { type PrepareParts, tryConnection } from './tryConnection.ts';

/** Tries what is given, and keeps nothing. */
export async function validateConnection(
  parts: PrepareParts,
  { body, capabilities: wanted }: Extract<ClusterCall, { do: 'validate' }>,
): Promise<Validation> {
  try {
    const connection = readConnection(body, { allowInsecure: parts.allowInsecureTls });
    return (await tryConnection(parts, connection, undefined, wanted?.filter(isCapability))).validation;
  } catch (error) {
    if (error instanceof DroverError) return parseFailure(error, parts.clock.now());
    throw error;
  }
}
