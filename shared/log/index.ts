export { type Context, contextFields, withFields } from './context.ts';
export { createLog, type Level, levels } from './log.ts';
export { redact, redactText } from './redact.ts';
