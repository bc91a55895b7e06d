export { type Cause, cause, keptCause, sayCauseBy } from './cause.ts';
export {
  type Catalogue,
  DroverError,
  type ErrorEntry,
  errorsOf,
  type FieldError,
  type Language,
  say,
  type Text,
  unreachable,
  type Values,
} from './droverError.ts';
export { shown } from './shown.ts';
