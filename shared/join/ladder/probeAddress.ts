import { jointTest, NvRefused } from '#neuvector';
import { second } from '#time';
import type { Access, Visit } from '../access/access.ts';
import type { Cause } from '../model.ts';
import { addressOf, type Place } from './derive.ts';
import { because } from './judged.ts';
import { reactionToError, reasonOf } from './reactionToError.ts';

const patience = 5 * second;

/** Asks at the advertised address what the primary will ask there. From here it proves nothing, and may tell much. */
export async function probeAddress(
  access: Access,
  { signal }: Visit,
  place: Place,
): Promise<Cause | undefined> {
  const advertised = addressOf(place);
  try {
    const way = await access.stranger(advertised);
    try {
      const who = await jointTest(way, { timeout: patience, ...(signal && { signal }) });
      return who === 'standalone' ? undefined : because('JOIN_ADDRESS_NOT_STANDALONE', { advertised });
    } finally {
      await way.close();
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    const { cause } = reactionToError('jointTest', error, { advertised });
    if (error instanceof NvRefused && cause.code === 'JOIN_ADDRESS_WRONG_PORT') return cause;
    return because('JOIN_ADDRESS_UNSEEN', { advertised, reason: reasonOf(cause.code, error) });
  }
}
