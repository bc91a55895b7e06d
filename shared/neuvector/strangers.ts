import { z } from 'zod';
import type { Way } from './access.ts';
import { ask, askFor, askTo, type CallOptions } from './ask.ts';
import { neuvectorError } from './errors.ts';
import { NvRefused } from './refused.ts';

/**
 * Whether a primary's federation listener is there. Throws FEDERATION_PORT_IS_REST where a REST listener is, which
 * refuses joins as it does what it never heard of.
 */
export async function fedHealth(way: Way, options: CallOptions = {}): Promise<void> {
  try {
    await askTo({ way }, { path: '/v1/fed/healthcheck', ...options });
  } catch (error) {
    if (!isRefusal(error, 404, 1)) throw error;
    // Before 5.1 no listener has it; the license is read from REST listeners alone.
    const hasEula = await ask({ way }, { path: '/v1/eula', ...options }).then(
      () => true,
      (other: unknown) => {
        if (isRefusal(other, 404, 1)) return false;
        throw other;
      },
    );
    if (hasEula) throw neuvectorError('FEDERATION_PORT_IS_REST', { place: way.place });
  }
}

const ready = z.object({ result: z.literal(0) });

/** As a primary asks before it takes a cluster: whether a controller in no federation answers there. */
export async function jointTest(way: Way, options: CallOptions = {}): Promise<'standalone' | 'other'> {
  try {
    await askFor({ way }, { method: 'POST', path: '/v1/fed/joint_test_internal', ...options }, ready);
    return 'standalone';
  } catch (error) {
    if (isRefusal(error, 400, 6)) return 'other';
    throw error;
  }
}

const isRefusal = (error: unknown, status: number, code: number): boolean =>
  error instanceof NvRefused && error.refusal.status === status && error.refusal.code === code;
