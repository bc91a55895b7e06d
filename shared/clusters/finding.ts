import { type DroverError, type FieldError, say, type Text, type Values } from '#errors';
import { type ClusterCode, clusterError, clusterErrors } from './errors.ts';

/** One thing found: its sentences stand in the catalogue, in every language. A failure or a warning, by where it stands. */
export interface Finding {
  readonly code: ClusterCode;
  readonly values: Values;
}

export const found = (code: ClusterCode, values: Values = {}): Finding => ({ code, values });

/** The first finding as an error; the others are named beside it, each by where it is. */
export function failureOf(findings: readonly [Finding, ...Finding[]]): DroverError {
  const [{ code, values }] = findings;
  return clusterError(code, values, { fields: findings.flatMap(fieldOf) });
}

/** What is told of a line of the text is no field. */
function fieldOf({ code, values }: Finding): FieldError[] {
  const { at } = values;
  if (typeof at !== 'string') return [];
  const { message } = clusterErrors[code];
  const said: Text = { en: say(message, 'en', values), zh: say(message, 'zh', values) };
  return [{ path: at, code, message: said }];
}
