import { iso } from '#time';
import { contextFields } from './context.ts';
import { redact, redactText } from './redact.ts';

export const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof levels)[number];
type Spoken = Exclude<Level, 'silent'>;
type Write = (message: string, fields?: Record<string, unknown>) => void;

/** CloudWatch cuts lines at 256 kB; a line anywhere near that is of no use to a reader. */
const longestLine = 32_768;

/**
 * One JSON object per line. Whatever a message or a field holds, a line stays one line, stays within its length
 * and shows no secret.
 */
export function createLog(options: {
  level: Level;
  write?: (line: string) => void;
  now?: () => number;
}): Record<Spoken, Write> {
  const { level, write = (line) => process.stdout.write(line), now = Date.now } = options;
  const speak =
    (spoken: Spoken): Write =>
    (message, fields = {}) => {
      if (levels.indexOf(spoken) < levels.indexOf(level)) return;
      write(`${line(now(), spoken, message, fields)}\n`);
    };
  return { debug: speak('debug'), info: speak('info'), warn: speak('warn'), error: speak('error') };
}

function line(at: number, level: Spoken, message: string, fields: Record<string, unknown>): string {
  const head = { time: iso(at), level, message: redactText(String(message)) };
  const shown = { ...(redact(contextFields()) as object), ...(redact(fields) as object) };
  for (const reserved of Object.keys(head)) {
    if (reserved in shown) renameField(shown, reserved);
  }
  const whole = oneLine({ ...head, ...shown });
  return whole.length <= longestLine ? whole : oneLine({ ...head, tooLong: whole.length });
}

/** A field cannot pose as the line's own time, level or message. */
function renameField(shown: Record<string, unknown>, name: string): void {
  shown[`${name}_`] = shown[name];
  delete shown[name];
}

/**
 * JSON escapes control characters below U+0020. Terminals and viewers also act on C1 controls, on the two Unicode
 * line ends and on characters that turn the direction of text round.
 */
const oneLine = (value: object): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
