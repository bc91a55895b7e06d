/** Where a secret lies. */
export type Reference =
  | { in: 'ssm'; name: string }
  /** `key`: a member of the secret, which then is JSON. */
  | { in: 'secretsmanager'; name: string; key: string | undefined }
  | { in: 'file'; path: string };

const parameter = /^(\/?[\w.-]+(\/[\w.-]+)*|arn:aws[\w-]*:ssm:[\w:/.-]+)$/;
const secret = /^([\w/+=.@-]+|arn:aws[\w-]*:secretsmanager:[\w:/+=.@-]+)$/;

/** `invalid` for what begins as a reference and is none; undefined for a plain text. */
export function readReference(text: string): Reference | 'invalid' | undefined {
  const [, place, rest] = /^(ssm|secretsmanager|file):(.*)$/s.exec(text) ?? [];
  if (place === undefined || rest === undefined) return undefined;
  switch (place) {
    case 'ssm':
      return parameter.test(rest) ? { in: 'ssm', name: rest } : 'invalid';
    case 'secretsmanager': {
      const [name = '', ...key] = rest.split('#');
      const isRight = secret.test(name) && (key.length === 0 || key.join('#') !== '');
      return isRight
        ? { in: 'secretsmanager', name, key: key.length === 0 ? undefined : key.join('#') }
        : 'invalid';
    }
    default:
      return rest.startsWith('/') && !rest.includes('\0') ? { in: 'file', path: rest } : 'invalid';
  }
}
