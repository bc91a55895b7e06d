const base64 = (text: string) => Buffer.from(text).toString('base64');
const key = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v';
const pem = `-----BEGIN EC PRIVATE KEY-----\n${key}\nVpOsoLHBV8Xl4Fz2\n-----END EC PRIVATE KEY-----`;
const jwt = `${base64('{"alg":"RS256","kid":"k1"}').replace(/=+$/, '')}.${base64('{"sub":"system:serviceaccount"}').replace(/=+$/, '')}.c2lnbmF0dXJlLW9mLWl0`;
const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- cluster: {server: https://k.example.com:6443}
  name: c
users:
- name: u
  user:
    username: zaphod
    password: beeblebrox
    client-key-data: ${base64(pem)}
`;
const joinToken = base64('{"s":"10.0.0.7","p":443,"t":"zaphodbeeblebrox"}');

/** Secrets of every kind, none of them real. `parts`: what must not be found in any line, in no spelling of it. */
export const secrets: Record<string, { text: string; parts: string[] }> = {
  'an API token': { text: 'drv_Zaphod0Beeblebrox1Trillian2McM0012ab', parts: ['Beeblebrox'] },
  'a JWT': { text: jwt, parts: jwt.split('.') },
  'a bearer header': { text: 'Bearer zaphod.beeblebrox-42', parts: ['beeblebrox'] },
  'a basic header': {
    text: `Basic ${base64('zaphod:beeblebrox')}`,
    parts: [base64('zaphod:beeblebrox').slice(0, 12)],
  },
  'an authorization header line': { text: 'Authorization: Custom zaphod beeblebrox', parts: ['beeblebrox'] },
  'a webhook secret': { text: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', parts: ['MfKQ9r8G'] },
  'a private key': { text: pem, parts: [key, 'VpOsoLHBV8Xl4Fz2'] },
  'a private key in base64': { text: base64(pem), parts: [base64(pem).slice(20, 60)] },
  'a private key without an end': { text: `-----BEGIN PRIVATE KEY-----\n${key}`, parts: [key] },
  'a kubeconfig': { text: kubeconfig, parts: ['beeblebrox', base64(pem).slice(20, 60)] },
  'a kubeconfig in JSON': {
    text: JSON.stringify({ apiVersion: 'v1', kind: 'Config', users: [{ user: { password: 'beeblebrox' } }] }),
    parts: ['beeblebrox'],
  },
  'a kubeconfig in base64': { text: base64(kubeconfig), parts: [base64(kubeconfig).slice(20, 60)] },
  'an AWS access key id': { text: 'AKIAIOSFODNN7EXAMPLE', parts: ['IOSFODNN7'] },
  'an AWS secret key': { text: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', parts: ['wJalrXUtn', 'bPxRfiCY'] },
  'an AWS session token': {
    text: `IQoJb3JpZ2luX2VjE${'Aq9Zx7Lm'.repeat(40)}==`,
    parts: ['IQoJb3JpZ2', 'Aq9Zx7Lm'],
  },
  'a presigned EKS token': { text: 'k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1hem9uYXdzLmNvbS8', parts: ['aHR0cHM6'] },
  'a presigned URL': {
    text: 'https://b.s3.amazonaws.com/k?X-Amz-Credential=zaphod%2F1&X-Amz-Signature=beeblebrox42',
    parts: ['beeblebrox42', 'zaphod'],
  },
  'a cookie line': { text: 'Cookie: theme=dark; drover_session=beeblebrox', parts: ['beeblebrox'] },
  'a set-cookie line': { text: 'set-cookie: sid=beeblebrox; HttpOnly', parts: ['beeblebrox'] },
  'a URL with a password': {
    text: 'https://zaphod:beeblebrox@k.example.com:6443/x',
    parts: ['zaphod', 'beeblebrox'],
  },
  'a URL with a token for a name': {
    text: 'https://beeblebrox@git.example.com/x.git',
    parts: ['beeblebrox'],
  },
  'a NeuVector join token': { text: joinToken, parts: [joinToken.slice(8, 40)] },
  'a NeuVector API key header': { text: 'X-Auth-Apikey: zaphod:beeblebrox', parts: ['zaphod', 'beeblebrox'] },
  'a NeuVector session header': { text: 'X-Auth-Token: beeblebrox-42', parts: ['beeblebrox'] },
  'a password in a form': { text: 'user=a&password=beeblebrox&x=1', parts: ['beeblebrox'] },
  'a password in JSON': { text: '{"username":"a","password":"beeble\\"brox"}', parts: ['beeble', 'brox'] },
  'a Docker login': {
    text: `{"auths":{"r.test":{"auth":"${base64('zaphod:beeblebrox')}"}}}`,
    parts: [base64('zaphod:beeblebrox').slice(0, 12)],
  },
  'a GitHub token': { text: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a', parts: ['16C7e42F29'] },
};
