import { badRequest, type Cause } from '../status.ts';
import { integerIn, invalidOptions } from './options.ts';

/** Options that contradict each other, for lists and watches. */
export function checkListOptions(query: URLSearchParams, isWatch = false): void {
  for (const name of ['limit', 'timeoutSeconds']) integerIn(query, name);
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const token = query.get('continue') ?? '';
  const initial = query.get('sendInitialEvents');
  const causes: Cause[] = [];
  const forbidden = (field: string, why: string) =>
    causes.push({ reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field });

  const supported = isWatch ? ['NotOlderThan'] : ['Exact', 'NotOlderThan', ''];
  if (isWatch) {
    if (match !== '' && initial === null)
      forbidden(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    if (initial !== null && match !== 'NotOlderThan')
      forbidden(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    if (initial !== null && match !== '' && match !== 'NotOlderThan')
      causes.push(unsupported('resourceVersionMatch', match, supported));
  } else {
    if (match !== '') {
      if (version === '')
        forbidden(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden unless resourceVersion is provided',
        );
      if (token !== '')
        forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
      if (match !== 'Exact' && match !== 'NotOlderThan')
        causes.push(unsupported('resourceVersionMatch', match, supported));
      if (match === 'Exact' && version === '0')
        forbidden(
          'resourceVersionMatch',
          'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
        );
    }
    if (initial !== null) forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  }
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  if (token !== '' && version !== '' && version !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
}

const unsupported = (field: string, value: string, known: string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: "${value}": supported values: ${known.map((one) => `"${one}"`).join(', ')}`,
  field,
});
