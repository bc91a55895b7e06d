export { labelErrors } from './errors.ts';
export {
  isLabelKey,
  isLabelValue,
  type LabelSet,
  matchesSelector,
  parseSelector,
  type Requirement,
  type Selector,
} from './selector.ts';
