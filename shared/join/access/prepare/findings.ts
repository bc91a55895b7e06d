import { DroverError, type FieldError, say, type Text } from '#errors';
import { accessError } from '../errors.ts';

/** All that is missing or wrong of what was given: whoever mends it should not have to ask twice. */
export class Findings {
  readonly #found: { path: string; error: DroverError }[] = [];

  add(path: string, error: DroverError): void {
    this.#found.push({ path, error });
  }

  needed(at: string, why: Text): void {
    this.add(at, accessError('FIELD_NEEDED', { at, why }));
  }

  wrong(at: string, reason: Text): void {
    this.add(at, accessError('FIELD_WRONG', { at, reason }));
  }

  apart(at: string, other: string, why: Text): void {
    this.add(at, accessError('FIELDS_APART', { at, other, why }));
  }

  /** What `read` gives; where it throws, that is found at `path`. */
  async of<T>(path: string, read: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      this.add(path, error);
      return undefined;
    }
  }

  /** Throws what was found: one thing as it is, several in one error. */
  settle(): void {
    const [first, ...others] = this.#found;
    if (!first) return;
    const fields = this.#found.map(fieldOf);
    const { code, entry, values } = first.error;
    if (others.length === 0) throw new DroverError(code, entry, values, { fields, cause: first.error });
    throw accessError(
      'MEMBERSHIP_INCOMPLETE',
      { fields: fields.map(({ path }) => path).join(', ') },
      { fields },
    );
  }
}

function fieldOf({ path, error }: { path: string; error: DroverError }): FieldError {
  const { message } = error.entry;
  const said: Text = { en: say(message, 'en', error.values), zh: say(message, 'zh', error.values) };
  return { path, code: error.code, message: said };
}
