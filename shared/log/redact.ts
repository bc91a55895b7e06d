import { DroverError } from '#errors';
import { hideSecrets, isSecretName, redacted } from './secrets.ts';

const deepest = 8;
const longestText = 8_192;
const longestStack = 4_096;
const longestName = 200;
const mostEntries = 100;
const mostValues = 1_000;
const mostText = 65_536;

/** What of a value may be written to a log: plain JSON, of bounded size, without secrets. Never throws. */
export const redact = (value: unknown): unknown => new Redaction().value(value, 0);

/** Cut before it is searched, so that no text is slow, and behind the last gap, so that no half of a secret stays. */
export function redactText(text: string, longest = longestText): string {
  if (text.length <= longest) return hideSecrets(text);
  const head = text.slice(0, longest).replace(/\S{1,4096}$/, '');
  return `${hideSecrets(head)}… (${text.length} characters)`;
}

class Redaction {
  /** The objects that hold the one being shown. */
  readonly #around = new Set<object>();
  #left = mostValues;
  #room = mostText;

  value(value: unknown, depth: number): unknown {
    if (this.#left-- <= 0) return '[…]';
    switch (typeof value) {
      case 'string':
        return this.#text(value, longestText);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'undefined':
        return undefined;
      case 'bigint':
        return this.#text(String(value), longestText);
      case 'symbol':
      case 'function':
        return `[${typeof value}]`;
      default:
        return value === null ? null : this.#object(value as object, depth);
    }
  }

  #text(text: string, longest: number): string {
    this.#room -= Math.min(text.length, longest);
    return this.#room < 0 ? `… (${text.length} characters)` : redactText(text, longest);
  }

  #object(value: object, depth: number): unknown {
    if (this.#around.has(value)) return '[circular]';
    if (depth >= deepest) return '[…]';
    this.#around.add(value);
    try {
      return this.#shown(value, depth);
    } catch {
      // A getter, a proxy or a `toJSON` of somebody else's threw: the line goes out without this value.
      return '[unreadable]';
    } finally {
      this.#around.delete(value);
    }
  }

  #shown(value: object, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, depth);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof Map) return this.#fields([...head(value)], depth);
    if (value instanceof Set) return this.#list([...head(value)], value.size, depth);
    if (Array.isArray(value)) return this.#list(value.slice(0, mostEntries), value.length, depth);
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.value(value.toJSON(), depth + 1);
    if (Symbol.iterator in value && 'entries' in value && typeof value.entries === 'function') {
      return this.#fields([...head(value.entries() as Iterable<[unknown, unknown]>)], depth);
    }
    return this.#fields(Object.entries(value), depth);
  }

  /** The stack begins with the message, so both are searched. */
  #error(error: Error, depth: number): unknown {
    const known: [unknown, unknown][] = [['name', error.name]];
    if (error instanceof DroverError) {
      known.push(['code', error.code], ['values', error.values], ['fields', error.fields]);
    } else {
      known.push(
        ...Object.entries(error).filter(([name]) => !['name', 'message', 'stack', 'cause'].includes(name)),
      );
    }
    if (error instanceof AggregateError) known.push(['errors', error.errors]);
    if (error.cause !== undefined) known.push(['cause', error.cause]);
    return {
      message: this.#text(String(error.message), longestText),
      ...this.#fields(known, depth),
      stack: this.#text(String(error.stack), longestStack),
    };
  }

  #list(entries: unknown[], length: number, depth: number): unknown[] {
    const shown = entries.map((entry, i) =>
      // Raw headers: name and value follow each other, flat or in pairs.
      followsSecretName(entries, i) ? redacted : this.value(entry, depth + 1),
    );
    return length > entries.length ? [...shown, `… (${length} entries)`] : shown;
  }

  #fields(entries: [unknown, unknown][], depth: number): Record<string, unknown> {
    // Without a prototype, `__proto__` is a name like any other.
    const shown: Record<string, unknown> = Object.create(null);
    const isNamedSecret = entries.some(
      ([key, value]) =>
        /^(?:name|key|header)$/i.test(String(key)) && typeof value === 'string' && isSecretName(value),
    );
    for (const [key, value] of entries.slice(0, mostEntries)) {
      const name = this.#text(String(key), longestName);
      const isSecret = isSecretName(String(key)) || (isNamedSecret && /^value$/i.test(String(key)));
      shown[name] = isSecret && holdsText(value) ? redacted : this.value(value, depth + 1);
    }
    if (entries.length > mostEntries) shown['…'] = `${entries.length} entries`;
    return shown;
  }
}

/** Numbers, truths and nothing are not secrets: `tokens: 3`, `hasPassword: true`. */
const holdsText = (value: unknown): boolean =>
  value !== undefined && value !== null && typeof value !== 'number' && typeof value !== 'boolean';

function followsSecretName(entries: unknown[], i: number): boolean {
  const before = entries[i - 1];
  return (
    i % 2 === 1 &&
    typeof before === 'string' &&
    before.length <= 60 &&
    /^[\w-]+$/.test(before) &&
    isSecretName(before)
  );
}

function* head<T>(values: Iterable<T>): Iterable<T> {
  let left = mostEntries + 1;
  for (const value of values) {
    if (left-- === 0) return;
    yield value;
  }
}
