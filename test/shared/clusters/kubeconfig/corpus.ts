import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { ada, aKubeconfig, base64, ca, kubeconfigObject, token } from './aKubeconfig.ts';

/** A hostile or broken kubeconfig: what it is, its text, the code it gets and the place that is named. */
export type Row = readonly [what: string, text: string, code: string, at?: string];

const withUser = (user: object): string => aKubeconfig({ user: { ...user } });
const withToken = (more: object): string => withUser({ token, ...more });
const withCluster = (cluster: object): string => aKubeconfig({ cluster: { ...cluster } });
const plain = aKubeconfig();
const user = (field: string): string => `users[0].user.${field}`;
const cluster = (field: string): string => `clusters[0].cluster.${field}`;

const whole = 'as a whole';
const der = new X509Certificate(ca.certPem).raw.toString('base64');
const exec = (command: unknown): object => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args: ['token', token] },
});
const keyOf = (pem: string): string =>
  withUser({ 'client-certificate-data': base64(ada.certPem), 'client-key-data': base64(pem) });
const certificateOf = (pem: string): string =>
  withUser({ 'client-certificate-data': base64(pem), 'client-key-data': base64(ada.keyPem) });
const otherKey = (type: 'rsa' | 'ec', options: object): string =>
  generateKeyPairSync(type as 'rsa', options as { modulusLength: number })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const lockedAs = (type: 'pkcs8' | 'sec1'): string =>
  locked.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
const two = kubeconfigObject({
  top: {
    contexts: ['a', 'b'].map((name) => ({ name, context: { cluster: 'store-cluster', user: 'store-user' } })),
  },
});

/** Not read at all. */
const unreadable: Row[] = [
  ['nothing', '', 'KUBECONFIG_UNREADABLE', whole],
  ['white space', ' \n\n', 'KUBECONFIG_UNREADABLE', whole],
  ['a comment', '# nothing\n', 'KUBECONFIG_UNREADABLE', whole],
  ['a sentence', 'please let me in', 'KUBECONFIG_UNREADABLE', whole],
  ['a list', '- a\n- b\n', 'KUBECONFIG_UNREADABLE', whole],
  ['a login page', '<html><body>Sign in: now</body></html>', 'KUBECONFIG_UNREADABLE', whole],
  ['another kind', 'apiVersion: v1\nkind: Secret\ndata: {}\n', 'KUBECONFIG_UNREADABLE', whole],
  ['another version', aKubeconfig({ top: { apiVersion: 'v2' } }), 'KUBECONFIG_UNREADABLE', whole],
  ['a stray quote', `${plain}preferences: "\n`, 'KUBECONFIG_UNREADABLE', 'line 19'],
  ['tabs for indentation', plain.replace('  - name', '\t- name'), 'KUBECONFIG_UNREADABLE', 'line 5'],
  [
    'JSON that is cut off',
    JSON.stringify(kubeconfigObject()).slice(0, -3),
    'KUBECONFIG_UNREADABLE',
    'line 1',
  ],
  ['over 256 kB', `${plain}# ${'x'.repeat(262_144)}\n`, 'KUBECONFIG_UNREADABLE', whole],
  ['over 256 kB in UTF-8', `${plain}# ${'语'.repeat(90_000)}\n`, 'KUBECONFIG_UNREADABLE', whole],
  ['flow lists without end', '['.repeat(200_000), 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['flow mappings without end', '{a: '.repeat(60_000), 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['lists within lists on one line', '- '.repeat(100_000), 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['keys within keys on one line', '? '.repeat(100_000), 'KUBECONFIG_UNREADABLE', 'line 1'],
  [
    'extensions nested 30 deep',
    `${plain}extensions:\n${Array.from({ length: 30 }, (_, i) => `${' '.repeat(i + 1)}a:\n`).join('')}`,
    'KUBECONFIG_UNREADABLE',
    'line 43',
  ],
  [
    'a hundred thousand keys',
    Array.from({ length: 30_000 }, (_, i) => `${i}:`).join('\n'),
    'KUBECONFIG_UNREADABLE',
    'line 10000',
  ],
  ['two documents', `${plain}---\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 18'],
  ['a second document behind dots', `${plain}...\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 19'],
  ['a YAML directive', `%YAML 1.1\n---\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['a tag directive', `%TAG ! tag:evil,2026:\n---\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['a NUL', plain.replace('store-user', 'store\0user'), 'KUBECONFIG_UNREADABLE', 'line 10'],
  ['an escape character', `# \u001b[2J\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['a line end of YAML 1.1', `# x\u2028exec: evil\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['a next-line character', `# x\u0085exec: evil\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['a carriage return alone', `# x\rexec: evil\n${plain}`, 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['half a surrogate pair', `# \ud800\n${plain}`, 'KUBECONFIG_UNREADABLE', whole],
  ['UTF-16 read as UTF-8', Buffer.from(plain, 'utf16le').toString('utf8'), 'KUBECONFIG_UNREADABLE', 'line 1'],
  ['a mapping as a key', `${plain}? {a: b}\n: c\n`, 'KUBECONFIG_UNREADABLE', 'line 18'],
  [
    'clusters as a mapping',
    aKubeconfig({ top: { clusters: { a: {} } } }),
    'KUBECONFIG_UNREADABLE',
    'clusters',
  ],
  ['a user that is text', aKubeconfig({ top: { users: ['ada'] } }), 'KUBECONFIG_UNREADABLE', 'users[0]'],
  [
    'a name that is a number',
    plain.replace('name: store-user', 'name: 1'),
    'KUBECONFIG_UNREADABLE',
    'users[0].name',
  ],
  [
    'a namespace that is none',
    aKubeconfig({ context: { namespace: '../etc' } }),
    'KUBECONFIG_UNREADABLE',
    'contexts[0].context.namespace',
  ],
];

/** Read differently by different programs. */
const ambiguous: Row[] = [
  ['an anchor', plain.replace('token: ', 'token: &t '), 'KUBECONFIG_ALIAS', 'line 12'],
  ['an alias', `${plain}extensions: *t\n`, 'KUBECONFIG_ALIAS', 'line 18'],
  ['a billion laughs', `a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n${plain}`, 'KUBECONFIG_ALIAS', 'line 1'],
  [
    'a merge key',
    plain.replace('      token:', '      <<: {exec: {command: sh}}\n      token:'),
    'KUBECONFIG_ALIAS',
    'line 12',
  ],
  ['a tag', plain.replace('token: ', 'token: !!binary '), 'KUBECONFIG_TAG', 'line 12'],
  ['a tag of a program', plain.replace('token: ', 'token: !!js/function '), 'KUBECONFIG_TAG', 'line 12'],
  ['a bare tag', plain.replace('token: ', 'token: ! '), 'KUBECONFIG_TAG', 'line 12'],
  [
    'a field twice',
    plain.replace('      token:', '      token: other\n      token:'),
    'KUBECONFIG_DUPLICATE',
    user('token'),
  ],
  ['a section twice', `${plain}users: []\n`, 'KUBECONFIG_DUPLICATE', 'users'],
  [
    'a field twice in JSON, once escaped',
    JSON.stringify(kubeconfigObject()).replace('"token":', '"t\\u006fken": "other", "token":'),
    'KUBECONFIG_DUPLICATE',
    user('token'),
  ],
  [
    'two users of one name',
    aKubeconfig({ top: { users: [1, 2].map(() => ({ name: 'store-user', user: { token } })) } }),
    'KUBECONFIG_DUPLICATE',
    'users[1].name',
  ],
  [
    'two contexts of one name',
    aKubeconfig({ top: { contexts: [1, 2].map(() => ({ name: 'store', context: {} })) } }),
    'KUBECONFIG_DUPLICATE',
    'contexts[1].name',
  ],
];

/** Would make a less careful reader run, open or dial something. */
const hostile: Row[] = [
  ['a shell', withUser(exec('/bin/sh')), 'KUBECONFIG_EXEC', user('exec')],
  ['a command beside a token', withToken(exec('curl')), 'KUBECONFIG_EXEC', user('exec')],
  ['an EKS command', withUser(exec('aws')), 'KUBECONFIG_EXEC', user('exec')],
  ['a command that is a list', withUser(exec(['sh', '-c'])), 'KUBECONFIG_EXEC', user('exec')],
  ['an empty exec', withToken({ exec: {} }), 'KUBECONFIG_EXEC', user('exec')],
  ['an exec that is text', withToken({ exec: 'sh -c id' }), 'KUBECONFIG_EXEC', user('exec')],
  ['exec in capitals', withToken({ Exec: { command: 'sh' } }), 'KUBECONFIG_UNKNOWN_FIELD', user('Exec')],
  [
    'an auth provider with a command',
    withUser({ 'auth-provider': { name: 'gcp', config: { 'cmd-path': '/bin/sh' } } }),
    'KUBECONFIG_AUTH_PROVIDER',
    user('auth-provider'),
  ],
  [
    'an auth provider that refreshes',
    withToken({ 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'http://169.254.169.254' } } }),
    'KUBECONFIG_AUTH_PROVIDER',
    user('auth-provider'),
  ],
  ['a token file', withUser({ tokenFile: '/proc/self/environ' }), 'KUBECONFIG_FILE_PATH', user('tokenFile')],
  [
    'a token file beside a token',
    withToken({ tokenFile: '/etc/shadow' }),
    'KUBECONFIG_FILE_PATH',
    user('tokenFile'),
  ],
  [
    'a token file as other programs spell it',
    withToken({ 'token-file': '/etc/shadow' }),
    'KUBECONFIG_FILE_PATH',
    user('token-file'),
  ],
  [
    'a CA by path',
    withCluster({ 'certificate-authority': '/etc/passwd' }),
    'KUBECONFIG_FILE_PATH',
    cluster('certificate-authority'),
  ],
  [
    'a CA by path on a network share',
    withCluster({ 'certificate-authority': '\\\\evil\\share' }),
    'KUBECONFIG_FILE_PATH',
    cluster('certificate-authority'),
  ],
  [
    'a client certificate by path',
    withUser({ 'client-certificate': 'c.crt', 'client-key-data': base64(ada.keyPem) }),
    'KUBECONFIG_FILE_PATH',
    user('client-certificate'),
  ],
  [
    'a client key by path',
    withUser({ 'client-certificate-data': base64(ada.certPem), 'client-key': '../key' }),
    'KUBECONFIG_FILE_PATH',
    user('client-key'),
  ],
  [
    'a server not to be verified',
    withCluster({ 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true }),
    'KUBECONFIG_INSECURE',
    cluster('insecure-skip-tls-verify'),
  ],
  [
    'a server not to be verified, in YAML 1.1',
    plain.replace('server:', 'insecure-skip-tls-verify: yes\n      server:'),
    'KUBECONFIG_UNREADABLE',
    cluster('insecure-skip-tls-verify'),
  ],
  [
    'a proxy',
    withCluster({ 'proxy-url': 'http://127.0.0.1:3128' }),
    'KUBECONFIG_PROXY',
    cluster('proxy-url'),
  ],
  [
    'a SOCKS proxy',
    withCluster({ 'proxy-url': 'socks5://10.0.0.1' }),
    'KUBECONFIG_PROXY',
    cluster('proxy-url'),
  ],
  ['another identity', withToken({ as: 'admin' }), 'KUBECONFIG_IMPERSONATION', user('as')],
  ['another uid', withToken({ 'as-uid': '0' }), 'KUBECONFIG_IMPERSONATION', user('as-uid')],
  [
    'other groups',
    withToken({ 'as-groups': ['system:masters'] }),
    'KUBECONFIG_IMPERSONATION',
    user('as-groups'),
  ],
  [
    'other extras',
    withToken({ 'as-user-extra': { scopes: ['all'] } }),
    'KUBECONFIG_IMPERSONATION',
    user('as-user-extra'),
  ],
  [
    'a user name and password',
    withUser({ username: 'admin', password: 'hunter2' }),
    'KUBECONFIG_BASIC_AUTH',
    user('username'),
  ],
  ['a password alone', withToken({ password: 'hunter2' }), 'KUBECONFIG_BASIC_AUTH', user('password')],
  [
    'a prototype',
    withToken({ ['__proto__']: { token: 'x' } }),
    'KUBECONFIG_UNKNOWN_FIELD',
    user('__proto__'),
  ],
  [
    'a constructor',
    `${plain}constructor: {prototype: {token: x}}\n`,
    'KUBECONFIG_UNKNOWN_FIELD',
    'constructor',
  ],
];

const server = (address: unknown): string => withCluster({ server: address });
const servers: Row[] = [
  ['plain http', server('http://203.0.113.7:6443'), 'KUBECONFIG_SERVER_NOT_HTTPS', cluster('server')],
  ['no server', server(undefined), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  ['a number', server(6443), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  ['no scheme', server('api.example.com:6443'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  ['a file', server('file:///etc/passwd'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  ['a socket', server('unix:///var/run/docker.sock'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  [
    'a password',
    server('https://admin:hunter2@api.example.com'),
    'KUBECONFIG_SERVER_INVALID',
    cluster('server'),
  ],
  ['an empty user name', server('https://@api.example.com'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  ['a query', server('https://api.example.com/?token=x'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  ['a fragment', server('https://api.example.com/#x'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  [
    'a line end',
    server('https://api.example.com\r\nHost: evil'),
    'KUBECONFIG_SERVER_INVALID',
    cluster('server'),
  ],
  ['a backslash', server('https://api.example.com\\@evil'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  ['a host that is none', server('https://[::1'), 'KUBECONFIG_SERVER_INVALID', cluster('server')],
  [
    'a server name with a line end',
    withCluster({ 'tls-server-name': 'a\nb' }),
    'KUBECONFIG_SERVER_INVALID',
    cluster('tls-server-name'),
  ],
];

const caData = (data: unknown): string => withCluster({ 'certificate-authority-data': data });
const atCa = cluster('certificate-authority-data');
const credentials: Row[] = [
  ['a CA of garbage', caData(base64('garbage')), 'CA_INVALID', atCa],
  ['a CA that is not base64', caData('%%%'), 'CA_INVALID', atCa],
  ['a CA in PEM without base64', caData(ca.certPem), 'CA_INVALID', atCa],
  ['a CA cut off', caData(base64(ca.certPem.slice(0, 300))), 'CA_INVALID', atCa],
  ['a CA in DER', caData(der), 'CA_INVALID', atCa],
  ['a CA in base64 twice', caData(base64(base64(ca.certPem))), 'CA_INVALID', atCa],
  ['a key for a CA', caData(base64(ca.keyPem)), 'CA_INVALID', atCa],
  ['a CA that is a number', caData(1), 'CA_INVALID', atCa],
  [
    'a token with a line end inside',
    withUser({ token: 'abc\r\nX-Evil: 1' }),
    'KUBECONFIG_TOKEN_INVALID',
    user('token'),
  ],
  ['a token with a space', withUser({ token: 'abc def' }), 'KUBECONFIG_TOKEN_INVALID', user('token')],
  [
    'a whole header for a token',
    withUser({ token: 'Bearer abc' }),
    'KUBECONFIG_TOKEN_INVALID',
    user('token'),
  ],
  ['a token that is a number', withUser({ token: 12345678 }), 'KUBECONFIG_TOKEN_INVALID', user('token')],
  ['a token with an umlaut', withUser({ token: 'schlüssel' }), 'KUBECONFIG_TOKEN_INVALID', user('token')],
  [
    'a token as a Secret shows it',
    withUser({ token: base64('eyJhbGciOiJSUzI1NiJ9.e30.x') }),
    'KUBECONFIG_TOKEN_INVALID',
    user('token'),
  ],
  [
    'a token as kubectl shows it without --raw',
    withUser({ token: 'REDACTED' }),
    'KUBECONFIG_TOKEN_INVALID',
    user('token'),
  ],
  ['a CA as kubectl shows it without --raw', caData('DATA+OMITTED'), 'CA_INVALID', atCa],
  ['no credential', withUser({}), 'KUBECONFIG_CREDENTIAL_MISSING', user('token')],
  ['an empty token', withUser({ token: '' }), 'KUBECONFIG_CREDENTIAL_MISSING', user('token')],
  [
    'a certificate without its key',
    withUser({ 'client-certificate-data': base64(ada.certPem) }),
    'KUBECONFIG_CREDENTIAL_MISSING',
    user('client-key-data'),
  ],
  [
    'a key without its certificate',
    withUser({ 'client-key-data': base64(ada.keyPem) }),
    'KUBECONFIG_CREDENTIAL_MISSING',
    user('client-certificate-data'),
  ],
  [
    'a certificate as kubectl shows it without --raw',
    withUser({ 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' }),
    'CERT_INVALID',
    user('client-certificate-data'),
  ],
  ['a certificate of garbage', certificateOf('garbage'), 'CERT_INVALID', user('client-certificate-data')],
  [
    'a key where the certificate belongs',
    certificateOf(ada.keyPem),
    'CERT_INVALID',
    user('client-certificate-data'),
  ],
  [
    'a certificate with its key behind it',
    certificateOf(ada.certPem + ada.keyPem),
    'CERT_INVALID',
    user('client-certificate-data'),
  ],
  [
    'a key of garbage',
    keyOf('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'),
    'KEY_INVALID',
    user('client-key-data'),
  ],
  ['a certificate where the key belongs', keyOf(ada.certPem), 'KEY_INVALID', user('client-key-data')],
  ['a key with a passphrase', keyOf(lockedAs('pkcs8')), 'KEY_INVALID', user('client-key-data')],
  ['an old key with a passphrase', keyOf(lockedAs('sec1')), 'KEY_INVALID', user('client-key-data')],
  [
    'a key that is too short',
    keyOf(otherKey('rsa', { modulusLength: 1024 })),
    'KEY_INVALID',
    user('client-key-data'),
  ],
  [
    'a key on a curve that Go does not know',
    keyOf(otherKey('ec', { namedCurve: 'secp256k1' })),
    'KEY_INVALID',
    user('client-key-data'),
  ],
];

const references: Row[] = [
  ['no contexts', aKubeconfig({ top: { contexts: [] } }), 'KUBECONFIG_CONTEXT_MISSING'],
  ['a skeleton', 'apiVersion: v1\nkind: Config\n', 'KUBECONFIG_CONTEXT_MISSING'],
  ['two contexts', JSON.stringify(two), 'KUBECONFIG_CONTEXT_AMBIGUOUS'],
  [
    'a cluster that is not there',
    aKubeconfig({ context: { cluster: 'other' } }),
    'KUBECONFIG_CLUSTER_MISSING',
    'contexts[0].context.cluster',
  ],
  [
    'no cluster named',
    aKubeconfig({ context: { cluster: undefined } }),
    'KUBECONFIG_CLUSTER_MISSING',
    'contexts[0].context.cluster',
  ],
  [
    'a user that is not there',
    aKubeconfig({ context: { user: 'other' } }),
    'KUBECONFIG_USER_MISSING',
    'contexts[0].context.user',
  ],
  [
    'an inherited name for a user',
    aKubeconfig({ context: { user: '__proto__' } }),
    'KUBECONFIG_USER_MISSING',
    'contexts[0].context.user',
  ],
  ['a user field in the cluster', withCluster({ token }), 'KUBECONFIG_UNKNOWN_FIELD', cluster('token')],
  ['an unknown section', `${plain}plugins: []\n`, 'KUBECONFIG_UNKNOWN_FIELD', 'plugins'],
  [
    'an unknown field of a context',
    aKubeconfig({ context: { kubelet: true } }),
    'KUBECONFIG_UNKNOWN_FIELD',
    'contexts[0].context.kubelet',
  ],
  [
    'a field beside a name',
    plain.replace('  - name: store-user', '  - token: x\n    name: store-user'),
    'KUBECONFIG_UNKNOWN_FIELD',
    'users[0].token',
  ],
  [
    'a secret that slipped into a name',
    withToken({ 'hunter2-hunter2': 'x' }),
    'KUBECONFIG_UNKNOWN_FIELD',
    user('…'),
  ],
];

export const corpus: readonly Row[] = [
  ...unreadable,
  ...ambiguous,
  ...hostile,
  ...servers,
  ...credentials,
  ...references,
];
