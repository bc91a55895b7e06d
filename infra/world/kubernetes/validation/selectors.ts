import type { Cause } from '../status.ts';
import { forbidden, notValid, required } from './causes.ts';
import { checkLabels } from './metadata.ts';
import { isQualifiedName } from './words.ts';

/** A LabelSelector as it stands in an object. */
export function checkSelector(selector: Record<string, unknown>, field: string): Cause[] {
  const expressions = (selector.matchExpressions ?? []) as Record<string, unknown>[];
  return [
    ...checkLabels((selector.matchLabels ?? {}) as Record<string, string>, `${field}.matchLabels`),
    ...expressions.flatMap((expression, index) =>
      checkExpression(expression, `${field}.matchExpressions[${index}]`),
    ),
  ];
}

function checkExpression({ key, operator, values }: Record<string, unknown>, field: string): Cause[] {
  const count = ((values ?? []) as string[]).length;
  const causes: Cause[] = [];
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (count === 0) {
        causes.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      }
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (count > 0) {
        causes.push(
          forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        );
      }
      break;
    default:
      causes.push(notValid(`${field}.operator`, operator ?? '', 'not a valid selector operator'));
  }
  return [
    ...causes,
    ...isQualifiedName(String(key ?? '')).map((why) => notValid(`${field}.key`, key ?? '', why)),
  ];
}
