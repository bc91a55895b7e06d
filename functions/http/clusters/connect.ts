import {
  type ClusterCall,
  type ClusterData,
  clusterError,
  type Prepared,
  type SaidValidation,
  sayValidation,
  type Usable,
  type Validation,
} from '#clusters';
import type { DroverError, Text } from '#errors';
import type { Couriers, Json } from '#reconcile';
import type { Call } from '../endpoint.ts';
import { byOf } from '../outside.ts';
import { clusterHttpError } from './errors.ts';

const twin = 'DUPLICATE_CLUSTER';

/** Who asks, and in which language. */
type Asker = Pick<Call<object, object, unknown>, 'c' | 'caller'>;

/** Asks the worker: this function has no right to the key, and dials nobody. */
const ask = (couriers: Couriers, call: ClusterCall): Promise<Json> =>
  couriers.call('clusters', call as unknown as { [name: string]: Json });

export const askForValidation = async (
  couriers: Couriers,
  call: Extract<ClusterCall, { do: 'validate' | 'check' }>,
): Promise<Validation> => (await ask(couriers, call)) as unknown as Validation;

/** Tried, unless it is not to be, and sealed; what failed is answered with what every step found. */
export async function prepare(
  couriers: Couriers,
  call: Omit<Extract<ClusterCall, { do: 'prepare' }>, 'do' | 'by'>,
  asker: Asker,
): Promise<Usable> {
  const prepared = (await ask(couriers, { do: 'prepare', ...call, by: byOf(asker) })) as unknown as Prepared;
  const { access, secret } = prepared;
  if (access && secret) return { ...prepared, access, secret };
  throw validationFailed(prepared.validation as unknown as Validation, asker);
}

function validationFailed(validation: Validation, asker: Asker): DroverError {
  return clusterHttpError('VALIDATION_FAILED', failureOf(validation), {
    members: { validation: said(validation, asker) },
  });
}

/** In the asker's language, and without what is not the asker's to see. */
export const said = (validation: Validation, { c, caller }: Asker): SaidValidation =>
  sayValidation(caller.reach ? withoutTwins(validation) : validation, c.get('language'));

/** The ladder names every registration of the same cluster: to a caller bound to labels it names none. */
function withoutTwins({ steps, warnings, outcome, ...rest }: Validation): Validation {
  const others = warnings.filter(({ code }) => code !== twin);
  const own = steps.map((step) => {
    const { sameAs: _, ...evidence } = step.evidence;
    return step.code === twin
      ? { ...step, outcome: 'ok' as const, code: null, values: {}, evidence }
      : { ...step, evidence };
  });
  const isCalm = others.length === 0 && own.every((step) => step.outcome !== 'warning');
  return { ...rest, steps: own, warnings: others, outcome: outcome === 'warning' && isCalm ? 'ok' : outcome };
}

/** The step that failed, in every language. */
export function failureOf(validation: Validation): {
  step: string;
  code: string;
  message: Text;
  remedy: Text;
} {
  const [en, zh] = [sayValidation(validation, 'en'), sayValidation(validation, 'zh')];
  const at = validation.steps.findIndex(({ step }) => step === validation.failedStep);
  const said = (what: 'message' | 'remedy', gap: string): Text => ({
    en: `${en.steps[at]?.[what] ?? ''}${gap}`,
    zh: zh.steps[at]?.[what] ?? '',
  });
  return {
    step: validation.failedStep ?? '',
    code: validation.code ?? '',
    message: said('message', ''),
    remedy: said('remedy', ' '),
  };
}

/** What was prepared beside one credential must not be stored over another that came meanwhile. */
export function refuseOvertaken(data: ClusterData, prepared: Usable, name: string): void {
  if (prepared.access.credential.version !== data.access.credential.version + 1) {
    throw clusterError('CREDENTIAL_CHANGED_MEANWHILE', { name });
  }
}
