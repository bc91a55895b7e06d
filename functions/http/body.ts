import type { Language, Text } from '#errors';
import type { AppContext } from './appEnv.ts';
import { httpError } from './errors.ts';
import { notKnown, refusedField } from './issues.ts';

const limitBytes = 1_048_576;
const limitDepth = 32;

/**
 * The request's body as plain JSON, or undefined where there is none. Everything that can be wrong with it before its
 * fields matter is said here: size, type, encoding, syntax, depth.
 */
export async function readJsonBody(c: AppContext, accepted: readonly string[]): Promise<unknown> {
  const bytes = await readBytes(c);
  if (bytes.length === 0) return undefined;
  requireType(c, accepted);
  const value = parse(decode(bytes));
  requireHarmless(value, c.get('language'));
  return value;
}

async function readBytes(c: AppContext): Promise<Uint8Array> {
  if (Number(c.req.header('content-length') ?? 0) > limitBytes) throw httpError('BODY_TOO_LARGE');
  const { body } = c.req.raw;
  if (!body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limitBytes) throw httpError('BODY_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function requireType(c: AppContext, accepted: readonly string[]): void {
  const [type = '', ...parameters] = (c.req.header('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const isPlain = (c.req.header('content-encoding') ?? 'identity') === 'identity';
  if (!accepted.includes(type.trim()) || !isUtf8 || !isPlain) {
    throw httpError('CONTENT_TYPE_UNSUPPORTED', { accepted: accepted.join(', ') });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw httpError('JSON_INVALID', { where: notUtf8 }, { cause });
  }
}

/** The parser's own message quotes what was sent, which may be a secret; only the place is told. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /at position (\d+)/.exec(String(error))?.[1];
    throw httpError('JSON_INVALID', { where: position === undefined ? '' : lookAt(Number(position) + 1) });
  }
}

const notUtf8: Text = { en: ': it is not UTF-8', zh: '：不是 UTF-8 编码' };
const lookAt = (character: number): Text => ({
  en: `: look at character ${character}`,
  zh: `：请看第 ${character} 个字符`,
});

/** `__proto__` is the one name that code copying fields would take for something else. */
function requireHarmless(value: unknown, language: Language): void {
  let level: { path: string; value: unknown }[] = [{ path: '', value }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limitDepth) throw httpError('BODY_TOO_DEEP', { limit: limitDepth });
    level = level.flatMap(({ path, value }) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([name, field]) => {
            if (name === '__proto__') {
              throw refusedField(`${path}${name}`, 'unknown', notKnown, language);
            }
            return { path: `${path}${name}.`, value: field };
          })
        : [],
    );
  }
}
