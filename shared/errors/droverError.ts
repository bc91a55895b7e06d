export type Language = 'en' | 'zh';

/** A sentence in every language Drover speaks. `{name}` stands for a value of `values`. */
export type Text = Record<Language, string>;

/** One row of an area's catalogue: what went wrong and what to do next. Codes never change. */
export interface ErrorEntry {
  /** The HTTP status with which the API answers it. */
  status: number;
  title: Text;
  message: Text;
  remedy: Text;
}
export type Catalogue = Readonly<Record<string, ErrorEntry>>;

/** What is itself said in every language stands as a Text. */
export type Values = Readonly<Record<string, string | number | Text>>;

/** Where in what was sent something is wrong: `labels.store`, and why. */
export interface FieldError {
  path: string;
  code: string;
  /** Made where the reader's language is known, or said in every one. */
  message: string | Text;
}

/** An error with a stable code. The sentences come from the catalogue, so messages hold no secrets by construction. */
export class DroverError extends Error {
  readonly code: string;
  readonly entry: ErrorEntry;
  readonly values: Values;
  readonly fields: readonly FieldError[];
  /** For Retry-After. */
  readonly retryAfterSeconds: number | undefined;
  /** Further members of the problem, as evidence; made where the reader's language is known. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    entry: ErrorEntry,
    values: Values = {},
    more: {
      fields?: readonly FieldError[];
      cause?: unknown;
      retryAfterSeconds?: number;
      members?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(`${code}: ${say(entry.message, 'en', values)}`, { cause: more.cause });
    this.name = 'DroverError';
    this.code = code;
    this.entry = entry;
    this.values = values;
    this.fields = more.fields ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.members = more.members ?? {};
  }
}

/** Fills a sentence of the catalogue. A value that is missing stays visible as its name, never as "undefined". */
export function say(text: Text, language: Language, values: Values = {}): string {
  return text[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? whole;
    return typeof value === 'object' ? value[language] : String(value);
  });
}

/** Binds a catalogue: `fail('TOKEN_EXPIRED', { name })` makes the error, its code checked by the compiler. */
export function errorsOf<C extends Catalogue>(catalogue: C) {
  return (
    code: keyof C & string,
    values?: Values,
    more?: ConstructorParameters<typeof DroverError>[3],
  ): DroverError => new DroverError(code, catalogue[code]!, values, more);
}

/** The end of a switch over states: a new state that is not handled does not compile. */
export function unreachable(value: never): never {
  throw new Error(`Not a known variant: ${JSON.stringify(value)}`);
}
