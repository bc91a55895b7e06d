import { unreachable } from '#errors';
import { type Clock, type Instant, minute } from '#time';
import { AwsSecrets } from './awsSecrets.ts';
import { referenceError } from './errors.ts';
import { FileSecrets } from './fileSecrets.ts';
import { type Reference, readReference } from './reference.ts';

/** A secret that was changed is taken up within this time. */
const believedFor = 5 * minute;

/** Takes the place of references: in settings a secret may be given by where it lies. */
export class SecretReferences {
  readonly #clock: Clock;
  readonly #files = new FileSecrets();
  readonly #aws = new AwsSecrets();
  readonly #answers = new Map<string, { text: string; until: Instant }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A text that is no reference is the secret itself. What it throws names setting and place, and shows no value. */
  async resolve(setting: string, text: string): Promise<string> {
    const reference = readReference(text);
    if (reference === undefined) return text;
    if (reference === 'invalid') throw referenceError('REFERENCE_INVALID', { setting });
    const found = await this.#read(reference, text).catch((cause: unknown) => {
      const { code, reason } = meaningOf(cause);
      throw referenceError(code, { setting, place: text, reason }, { cause });
    });
    const secret = memberOf(reference, found)?.trim();
    if (!secret) throw referenceError('REFERENCE_EMPTY', { setting, place: text });
    return secret;
  }

  async #read(reference: Reference, text: string): Promise<string | undefined> {
    if (reference.in === 'file') return this.#files.read(reference.path);
    const known = this.#answers.get(text);
    if (known && this.#clock.now() < known.until) return known.text;
    const found = await this.#ask(reference);
    if (found !== undefined) this.#answers.set(text, { text: found, until: this.#clock.now() + believedFor });
    return found;
  }

  #ask(reference: Exclude<Reference, { in: 'file' }>): Promise<string | undefined> {
    switch (reference.in) {
      case 'ssm':
        return this.#aws.parameter(reference.name);
      case 'secretsmanager':
        return this.#aws.secret(reference.name);
      default:
        return unreachable(reference);
    }
  }
}

function memberOf(reference: Reference, found: string | undefined): string | undefined {
  if (reference.in !== 'secretsmanager' || reference.key === undefined || found === undefined) return found;
  try {
    const members: unknown = JSON.parse(found);
    if (typeof members !== 'object' || members === null) return undefined;
    const member: unknown = Object.getOwnPropertyDescriptor(members, reference.key)?.value;
    return typeof member === 'string' ? member : undefined;
  } catch {
    // What it cannot read the parser repeats in its error, and it is a secret.
    return undefined;
  }
}

const absent = ['ENOENT', 'ENOTDIR', 'ParameterNotFound', 'ResourceNotFoundException'];
const forbidden = ['EACCES', 'EPERM', 'EISDIR', 'EFBIG', 'AccessDeniedException', 'CredentialsProviderError'];

/** By Node's and by AWS' names for what went wrong. What AWS refuses otherwise is as final as a missing right. */
function meaningOf(cause: unknown) {
  const { code, name, $metadata } = cause as {
    code?: string;
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const reason = code ?? name ?? 'unknown';
  const status = $metadata?.httpStatusCode ?? 0;
  const isRefusal = status >= 400 && status < 500 && status !== 429 && name !== 'ThrottlingException';
  if (absent.includes(reason)) return { code: 'REFERENCE_NOT_FOUND', reason } as const;
  if (forbidden.includes(reason) || isRefusal) return { code: 'REFERENCE_FORBIDDEN', reason } as const;
  return { code: 'REFERENCE_UNANSWERED', reason } as const;
}
