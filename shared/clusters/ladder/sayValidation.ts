import { type Catalogue, type ErrorEntry, type Language, say, type Values } from '#errors';
import { netErrors } from '#net';
import { clusterErrors } from '../errors.ts';
import type { SaidValidation, Validation } from './validation.ts';

/** Of every code that a step or a warning may carry. */
const catalogue: Catalogue = { ...netErrors, ...clusterErrors };

/** At the edge, where the reader's language is known. */
export function sayValidation(validation: Validation, language: Language): SaidValidation {
  const said = (code: string, values: Values) => {
    const entry: ErrorEntry | undefined = catalogue[code];
    // One that was kept by an older version and has gone since still has its code.
    if (!entry) return { message: code, remedy: '' };
    return { message: say(entry.message, language, values), remedy: say(entry.remedy, language, values) };
  };
  const { steps, permissions, warnings, ...frame } = validation;
  return {
    ...frame,
    steps: steps.map(({ values, ...step }) => ({
      ...step,
      ...(step.code === null ? { message: null, remedy: null } : said(step.code, values)),
    })),
    permissions: permissions.map(({ name: _, ...permission }) => permission),
    warnings: warnings.map(({ values, ...warning }) => ({ ...warning, ...said(warning.code, values) })),
  };
}
