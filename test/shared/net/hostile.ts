import type { NetCode, PolicyName } from '#net';

/** URLs that must not be dialled: what is asked, what the name resolves to, under which policy, and the code. */
export interface Hostile {
  url: string;
  code: NetCode;
  policy?: PolicyName;
  /** What the resolver answers for the name, where one is asked. */
  leadsTo?: string[];
}

/** `{port}` is the port of a listener on loopback that must see no connection. */
const loopback: string[] = [
  'https://127.0.0.1:{port}/',
  'https://127.0.0.1.:{port}/',
  'https://127.1:{port}/',
  'https://127.0.1:{port}/',
  'https://127.255.255.254:{port}/',
  'https://2130706433:{port}/',
  'https://0x7f000001:{port}/',
  'https://0x7f.1:{port}/',
  'https://0X7F.0.0.0x1:{port}/',
  'https://017700000001:{port}/',
  'https://0177.0.0.1:{port}/',
  'https://0177.0.0.01:{port}/',
  'https://127.0.0.1:{port}/',
  'https://127。0。0。1:{port}/',
  'https://①②⑦.⓪.⓪.①:{port}/',
  'https://%31%32%37.0.0.1:{port}/',
  'https://[::1]:{port}/',
  'https://[0:0:0:0:0:0:0:1]:{port}/',
  'https://[0000:0000:0000:0000:0000:0000:0000:0001]:{port}/',
  'https://[::ffff:127.0.0.1]:{port}/',
  'https://[::ffff:7f00:1]:{port}/',
  'https://[::FFFF:7F00:0001]:{port}/',
  'https://[::127.0.0.1]:{port}/',
  'https://[::7f00:1]:{port}/',
  'https://[64:ff9b::127.0.0.1]:{port}/',
  'https://[64:ff9b::7f00:1]:{port}/',
  'https://[64:ff9b:1::7f00:1]:{port}/',
  'https://[::ffff:0:127.0.0.1]:{port}/',
  'https://[2002:7f00:1::]:{port}/',
  'https://[2002:7f00:1::1]:{port}/',
  'https://[2001:0:7f00:1::1]:{port}/',
  'https://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{port}/',
];

const never: string[] = [
  'https://0/',
  'https://0.0.0.0:{port}/',
  'https://0x0:{port}/',
  'https://0.1.2.3/',
  'https://[::]:{port}/',
  'https://[::ffff:0:0]:{port}/',
  'https://169.254.169.254/latest/meta-data/',
  'https://2852039166/latest/meta-data/',
  'https://0xa9fea9fe/',
  'https://0xa9.0xfe.0xa9.0xfe/',
  'https://0251.0376.0251.0376/',
  'https://169.16689662/',
  'https://[::ffff:169.254.169.254]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[2002:a9fe:a9fe::]/',
  'https://169.254.170.2/v2/credentials',
  'https://169.254.170.23/v1/credentials',
  'https://100.100.100.200/latest/meta-data/',
  'https://168.63.129.16/machine',
  'https://192.0.0.192/opc/v2/instance/',
  'https://[fd00:ec2::254]/latest/meta-data/',
  'https://[fd00:ec2::23]/v1/credentials',
  'https://[fd20:ce::254]/computeMetadata/v1/',
  'https://[fe80::1]/',
  'https://[febf::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[100::1]/',
];

const special: string[] = [
  'https://192.0.2.1/',
  'https://198.18.0.1/',
  'https://198.51.100.7/',
  'https://203.0.113.7/',
  'https://240.0.0.1/',
  'https://192.88.99.1/',
  'https://[2001:db8::1]/',
  'https://[3fff::1]/',
  'https://[2002:808:808::1]/',
  'https://[5f00::1]/',
  'https://[4000::1]/',
];

const notPublic: string[] = [
  'https://10.0.0.1/',
  'https://0xa000001/',
  'https://012.0.0.1/',
  'https://172.16.0.1:8443/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://3232235777/',
  'https://100.64.0.1/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[64:ff9b::10.0.0.1]/',
];

const invalid: string[] = [
  '',
  'https://',
  'https:///',
  'https://.',
  'not a url',
  '//127.0.0.1/',
  '127.0.0.1:{port}',
  'https://[::1%25lo]:{port}/',
  'https://[fe80::1%eth0]/',
  'https://[::1/',
  'https://256.256.256.256/',
  'https://127.0.0.1.0.1/',
  'https://0x1000000000/',
  'https://user@127.0.0.1:{port}/',
  'https://user:secret@hooks.example.com/',
  'https://hooks.example.com:443@127.0.0.1:{port}/',
  'https://@127.0.0.1@hooks.example.com/',
  'https://hooks.example.com\\@127.0.0.1:{port}/',
  'https:\\\\127.0.0.1:{port}\\',
  'https://127.0.0\t.1:{port}/',
  'https://127.0.0.1\n:{port}/',
  'https://hooks.example.com/\r\nHost: 127.0.0.1',
  ' https://127.0.0.1:{port}/',
  'https://hooks.example.com:99999/',
  'https://hooks.example.com:{port}1234567/',
  'https://ho%00oks.example.com/',
];

const schemes: string[] = [
  'http://hooks.example.com/',
  'http://127.0.0.1:{port}/',
  'ftp://hooks.example.com/',
  'gopher://127.0.0.1:{port}/_GET',
  'ws://127.0.0.1:{port}/',
  'wss://hooks.example.com/',
];

const ports: string[] = [
  'https://hooks.example.com:22/',
  'https://hooks.example.com:25/',
  'https://hooks.example.com:80/',
  'https://hooks.example.com:1023/',
  'https://hooks.example.com:0/',
];

const names: Hostile[] = [
  { url: 'https://localhost:{port}/', leadsTo: ['127.0.0.1', '::1'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://LOCALHOST.:{port}/', leadsTo: ['127.0.0.1'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://127.0.0.1.nip.example:{port}/', leadsTo: ['127.0.0.1'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://mapped.example:{port}/', leadsTo: ['::ffff:127.0.0.1'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://nat64.example:{port}/', leadsTo: ['64:ff9b::7f00:1'], code: 'TARGET_FORBIDDEN' },
  {
    url: 'https://one-of-two.example:{port}/',
    leadsTo: ['93.184.216.34', '127.0.0.1'],
    code: 'TARGET_FORBIDDEN',
  },
  {
    url: 'https://one-of-three.example/',
    leadsTo: ['93.184.216.34', '2606:2800::1', 'fe80::1'],
    code: 'TARGET_FORBIDDEN',
  },
  { url: 'https://metadata.google.internal/', leadsTo: ['169.254.169.254'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://instance-data.ec2.internal/', leadsTo: ['fd00:ec2::254'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://zone.example/', leadsTo: ['fe80::1%eth0'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://nonsense.example/', leadsTo: ['not an address'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://internal.example/', leadsTo: ['10.1.2.3'], policy: 'webhook', code: 'TARGET_FORBIDDEN' },
  { url: 'https://bücher.example/', leadsTo: ['192.168.0.1'], policy: 'webhook', code: 'TARGET_FORBIDDEN' },
  { url: 'https://ⓛocalhost:{port}/', leadsTo: ['127.0.0.1'], code: 'TARGET_FORBIDDEN' },
  { url: 'https://nowhere.example/', leadsTo: [], code: 'DNS_NXDOMAIN' },
];

const rows = (urls: string[], code: NetCode, policy?: PolicyName): Hostile[] =>
  urls.map((url) => ({ url, code, ...(policy ? { policy } : {}) }));

export const hostile: Hostile[] = [
  ...rows(loopback, 'TARGET_FORBIDDEN'),
  ...rows(never, 'TARGET_FORBIDDEN'),
  ...rows(special, 'TARGET_FORBIDDEN'),
  ...rows(notPublic, 'TARGET_FORBIDDEN', 'webhook'),
  ...rows(invalid, 'TARGET_INVALID'),
  ...rows(schemes, 'TARGET_SCHEME_FORBIDDEN'),
  ...rows(ports, 'TARGET_PORT_FORBIDDEN'),
  ...names,
];
