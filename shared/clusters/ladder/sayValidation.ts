import type { Language } from '#errors';
import { sayCause } from '../texts.ts';
import type { SaidValidation, Validation } from './validation.ts';

/** At the edge, where the reader's language is known. */
export function sayValidation(validation: Validation, language: Language): SaidValidation {
  const { steps, permissions, warnings, ...frame } = validation;
  return {
    ...frame,
    steps: steps.map(({ values, ...step }) => ({
      ...step,
      ...(step.code === null
        ? { message: null, remedy: null }
        : sayCause({ code: step.code, values }, language)),
    })),
    permissions: permissions.map(({ name: _, ...permission }) => permission),
    warnings: warnings.map(({ values, ...warning }) => ({
      ...warning,
      ...sayCause({ code: warning.code, values }, language),
    })),
  };
}
