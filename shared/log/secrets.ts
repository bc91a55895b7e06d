export const redacted = '[redacted]';

/**
 * Names whose values are secret, whatever they look like. Compared without case and punctuation, so that
 * `X-Auth-Apikey`, `api_key` and `client-key-data` are all found.
 */
const secretName =
  /passw(?:or)?d|passphrase|passwd|^pwd$|^pass$|secret|token|apikey|authorization|^auth$|cookie|credential|privatekey|keydata|kubeconfig|sessionid|^session$|^sid$|signature|accesskey|signingkey|encryptionkey|datakey|plaintext|^jwt$|userinfo/;

/** What tells of a secret without being one: `tokenId`, `secretName`, `credentialVersion`, `tokenExpiresAt`. */
const tellsOfSecret =
  /(?:id|ids|name|names|version|type|kind|at|count|total|fingerprint|issuer|subject|prefix|ms|seconds)$/;
const isSecretAllTheSame = /^(?:awsaccesskeyid|accesskeyid|sessionid|xamzcredential)$/;

export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (!secretName.test(plain)) return false;
  if (isSecretAllTheSame.test(plain)) return true;
  // The word's own end must be a suffix in the writer's spelling too: `format` does not end in `At`.
  return !(tellsOfSecret.test(plain) && /(?:[A-Z][a-z]+|[-_.][a-z]+)$/.test(name));
}

/**
 * Secrets by the shape of their text. Quantifiers over classes are bounded, so that no text makes them slow; each
 * is applied to the whole text, in this order.
 */
const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g, redacted],
  // Header lines whose value has parts: all of it goes, up to the end of the line.
  [
    /\b((?:set-)?cookie2?|(?:proxy-)?authorization|x-auth-(?:token|apikey))(\\*["']?\s{0,4}[:=]\s{0,4})[^\r\n]+/gi,
    `$1$2${redacted}`,
  ],
  [/\b(bearer|basic|digest|negotiate|apikey)([\s+]{1,4})[\w+/=.~:-]{6,}/gi, `$1$2${redacted}`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]{1,2048}@/gi, `$1${redacted}@`],
  [/\bk8s-aws-v1\.[\w-]+={0,2}/g, redacted],
  [/\bdrv_\w{8,}/g, `drv_${redacted}`],
  [/\bwhs(?:ec|k|pk)_[\w+/=-]{6,}/g, `whsec_${redacted}`],
  [
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_\w{30,}|xox[a-z]-[\w-]{10,}|sk_live_\w{16,})/g,
    redacted,
  ],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g, redacted],
  // Base64 of `{"`, `{ "` or `{` and a line end (JWTs, join tokens), of `apiVersion` (kubeconfigs), of `-----BEGIN` (keys).
  [
    /(?<![A-Za-z0-9+/_-])(?:eyJ|eyAi|ewog|ewo|ew0K|YXBpVmVyc2lvb|LS0tLS1CRUdJTi)[A-Za-z0-9+/_-]{8,}={0,2}(?:\.[A-Za-z0-9_-]*)*/g,
    redacted,
  ],
];

/** `password=…`, `"client-secret": "…"`, `token: …`, `X-Amz-Signature=…`, also inside escaped JSON. */
const nameAndSign = /([\w.-]{1,60})\\{0,8}["']?\s{0,4}(?:=>|[:=])\s{0,4}/g;
/** A quoted value ends with the quote it began with, escaped as often; one without an end goes up to the end. */
const assigned =
  /(\\{0,8})(["'])[\s\S]{0,4096}?(?<!\\)\1\2(?=[\s,;&}\])"'\\]|$)|[\\"'][\s\S]{0,4096}|[^\s,;&"'}\])]+/y;

function hideAssigned(text: string): string {
  let shown = '';
  let from = 0;
  for (const match of text.matchAll(nameAndSign)) {
    const end = match.index + match[0].length;
    if (match.index < from || !isSecretName(match[1]!)) continue;
    assigned.lastIndex = end;
    const value = assigned.exec(text)?.[0];
    if (value === undefined || value === redacted.slice(0, -1)) continue;
    shown += `${text.slice(from, end)}${redacted}`;
    from = end + value.length;
  }
  return shown + text.slice(from);
}

/** Long runs that no word is: AWS secret keys (40 characters), session tokens, keys in base64. */
const run = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}(?![A-Za-z0-9+/_=-])/g;
const isHex = /^[0-9a-f]+$/i;
const looksRandom = (text: string): boolean =>
  /[a-z]/.test(text) &&
  /[A-Z]/.test(text) &&
  /\d/.test(text) &&
  !isHex.test(text) &&
  !/[/_-][a-z]+[/_-]/.test(text);

const isKubeconfig = (text: string): boolean =>
  /["']?kind["']?\s{0,4}:\s{0,4}\\?["']?Config\b/.test(text) &&
  /(?:clusters|users|contexts)\\?["']?\s{0,4}:/.test(text);

export function hideSecrets(text: string): string {
  const plain = percentDecoded(text);
  const shown = hideShapes(plain);
  return shown === plain ? hideShapes(text) : shown;
}

/** In a URL a secret is spelled otherwise: what is searched, and shown where it held one, is the plain text. */
const percentDecoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
  );

function hideShapes(text: string): string {
  if (isKubeconfig(text)) return `${redacted} kubeconfig`;
  let shown = text;
  for (const [shape, instead] of shapes) shown = shown.replace(shape, instead);
  return hideAssigned(shown).replace(run, (whole) => (looksRandom(whole) ? redacted : whole));
}
