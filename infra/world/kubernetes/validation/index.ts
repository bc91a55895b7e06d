export { asEncoded } from './asEncoded.ts';
export { canonical } from './canonical.ts';
export { forbidden, invalid, notSupported, notValid, required } from './causes.ts';
export { check } from './check.ts';
export {
  decode,
  decodePatched,
  type FieldValidation,
  parsePatch,
  type Read,
  type Reading,
} from './decode.ts';
export { fillDefaults } from './defaults.ts';
export { isDnsLabel, isDnsSubdomain } from './words.ts';
