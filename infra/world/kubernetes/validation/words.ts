/** The rules of names, keys and values: each gives what is wrong, as the real server says it. */
export type Rule = (value: string) => string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const dns1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedPart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const bytes = (value: string) => Buffer.byteLength(value);

const tooLong = (value: string, maximum: number, unit: 'bytes' | 'characters' = 'characters'): string[] =>
  bytes(value) > maximum ? [`must be no more than ${maximum} ${unit}`] : [];

function unlike(what: string, pattern: string, ...examples: string[]): string {
  const such = examples.map((example) => `'${example}'`).join(',  or ');
  return `${what} (e.g. ${such}, regex used for validation is '${pattern}')`;
}

const matches = (value: string, pattern: string) =>
  new RegExp(`^(?:${pattern})$`).test(value) && !value.endsWith('\n');

export const isDnsSubdomain: Rule = (value) => [
  ...tooLong(value, 253),
  ...(matches(value, subdomain)
    ? []
    : [
        unlike(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
          subdomain,
          'example.com',
        ),
      ]),
];

export const isDnsLabel: Rule = (value) => {
  const long = tooLong(value, 63);
  if (matches(value, label)) return long;
  if (matches(value, subdomain)) return [...long, 'must not contain dots'];
  return [
    ...long,
    unlike(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      label,
      'my-name',
      '123-abc',
    ),
  ];
};

export const isDns1035Label: Rule = (value) => [
  ...tooLong(value, 63),
  ...(matches(value, dns1035)
    ? []
    : [
        unlike(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
          dns1035,
          'my-name',
          'abc-123',
        ),
      ]),
];

export const isPathSegment: Rule = (value) =>
  value === '.' || value === '..'
    ? [`may not be '${value}'`]
    : ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);

export const isQualifiedName: Rule = (value) => {
  const wrong = unlike(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    qualifiedPart,
    'MyName',
    'my.name',
    '123-abc',
  );
  const parts = value.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${wrong} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const problems: string[] = [];
  const name = parts.pop() ?? '';
  const [prefix] = parts;
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined)
    problems.push(...isDnsSubdomain(prefix).map((problem) => `prefix part ${problem}`));
  if (name === '') problems.push('name part must be non-empty');
  else problems.push(...tooLong(name, 63, 'bytes').map((problem) => `name part ${problem}`));
  if (!matches(name, qualifiedPart)) problems.push(`name part ${wrong}`);
  return problems;
};

export const isLabelValue: Rule = (value) => [
  ...tooLong(value, 63, 'bytes'),
  ...(matches(value, `(${qualifiedPart})?`)
    ? []
    : [
        unlike(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
          `(${qualifiedPart})?`,
          'MyValue',
          'my_value',
          '12345',
        ),
      ]),
];

export const isConfigKey: Rule = (value) => [
  ...tooLong(value, 253),
  ...(matches(value, '[-._a-zA-Z0-9]+')
    ? []
    : [
        unlike(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          '[-._a-zA-Z0-9]+',
          'key.name',
          'KEY_NAME',
          'key-name',
        ),
      ]),
  ...(value === '.' || value === '..'
    ? [`must not be '${value}'`]
    : value.startsWith('..')
      ? ["must not start with '..'"]
      : []),
];
