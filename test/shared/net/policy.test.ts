import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, judgeName, type PolicyName, parsePolicy } from '../../../shared/net/policy.ts';

type Row = [
  policy: PolicyName,
  setting: string,
  host: string,
  address: string,
  port: number,
  expected: string,
];

const entriesOf = (setting: string) => setting.split(', ').filter(Boolean);

const answer = (policy: PolicyName, setting: string, host: string, address: string, port: number) => {
  const verdict = judge(parsePolicy(policy, entriesOf(setting)), host, address, port);
  if (verdict.allowed) return 'allowed';
  return verdict.why === 'port' ? 'port' : verdict.class;
};

describe('what may be dialled', () => {
  const rows: Row[] = [
    // The defaults.
    ['cluster', '', 'a.example', '93.184.216.34', 443, 'allowed'],
    ['cluster', '', 'a.example', '10.0.0.1', 6443, 'allowed'],
    ['cluster', '', 'a.example', 'fd12::1', 6443, 'allowed'],
    ['cluster', '', 'a.example', '64:ff9b::10.0.0.1', 6443, 'allowed'],
    ['webhook', '', 'a.example', '93.184.216.34', 443, 'allowed'],
    ['webhook', '', 'a.example', '64:ff9b::93.184.216.34', 443, 'allowed'],
    ['webhook', '', 'a.example', '2606:2800:220:1::1', 1024, 'allowed'],
    ['webhook', '', 'a.example', '10.0.0.1', 443, 'private'],
    ['webhook', '', 'a.example', '100.64.0.1', 443, 'private'],
    ['webhook', '', 'a.example', '93.184.216.34', 80, 'port'],
    ['cluster', '', 'a.example', '10.0.0.1', 1023, 'port'],
    // An entry without a port brings the usual ports, one with a port only that.
    ['webhook', '10.0.0.0/8', 'a.example', '10.1.1.1', 443, 'allowed'],
    ['webhook', '10.0.0.0/8', 'a.example', '::ffff:10.1.1.1', 443, 'allowed'],
    ['webhook', '10.0.0.0/8', 'a.example', '10.1.1.1', 80, 'port'],
    ['webhook', '10.0.0.0/8', 'a.example', '11.1.1.1', 443, 'allowed'],
    ['webhook', '10.0.0.0/8', 'a.example', '192.168.1.1', 443, 'private'],
    ['webhook', '10.0.0.0/8:8443', 'a.example', '10.1.1.1', 8443, 'allowed'],
    ['webhook', '10.0.0.0/8:8443', 'a.example', '10.1.1.1', 443, 'private'],
    ['webhook', '10.0.0.0/8:80', 'a.example', '10.1.1.1', 80, 'allowed'],
    ['webhook', '10.1.1.1', 'a.example', '10.1.1.1', 443, 'allowed'],
    ['webhook', '10.1.1.1', 'a.example', '10.1.1.2', 443, 'private'],
    ['webhook', 'fd12::/16', 'a.example', 'fd12::1', 443, 'allowed'],
    ['webhook', '[fd12::]/16:444', 'a.example', 'fd12::1', 444, 'allowed'],
    ['webhook', '[fd12::1]', 'a.example', 'fd12::1', 443, 'allowed'],
    ['webhook', '2001:db8::/32', 'a.example', '2001:db8::1', 443, 'allowed'],
    // Hosts and domains.
    ['webhook', 'A.Example', 'a.example', '10.1.1.1', 443, 'allowed'],
    ['webhook', 'a.example.', 'a.example', '10.1.1.1', 443, 'allowed'],
    ['webhook', 'bücher.example', 'xn--bcher-kva.example', '10.1.1.1', 443, 'allowed'],
    ['webhook', 'a.example', 'b.a.example', '10.1.1.1', 443, 'private'],
    ['webhook', '*.example', 'b.a.example', '10.1.1.1', 443, 'allowed'],
    ['webhook', '*.example', 'example', '10.1.1.1', 443, 'private'],
    ['webhook', '*.example', 'evilexample', '10.1.1.1', 443, 'private'],
    ['cluster', 'a.example:80', 'a.example', '10.1.1.1', 80, 'allowed'],
    // A deny entry wins, wherever it stands.
    ['cluster', '!10.0.0.0/8', 'a.example', '10.1.1.1', 443, 'denied'],
    ['cluster', '!10.0.0.0/8', 'a.example', '64:ff9b::10.1.1.1', 443, 'denied'],
    ['cluster', '!10.0.0.0/8, 10.1.0.0/16', 'a.example', '10.1.1.1', 443, 'denied'],
    ['cluster', 'a.example, !10.0.0.0/8', 'a.example', '10.1.1.1', 443, 'denied'],
    ['cluster', '!*.bad.example', 'x.bad.example', '93.184.216.34', 443, 'denied'],
    ['cluster', '!a.example:8443', 'a.example', '93.184.216.34', 8443, 'denied'],
    ['cluster', '!a.example:8443', 'a.example', '93.184.216.34', 443, 'allowed'],
    // What no entry can allow.
    ['cluster', '127.0.0.0/8', 'a.example', '127.0.0.1', 443, 'loopback'],
    ['cluster', 'a.example', 'a.example', '127.0.0.1', 443, 'loopback'],
    ['cluster', '0.0.0.0/0', 'a.example', '169.254.169.254', 443, 'forbidden'],
    ['cluster', '::/0', 'a.example', 'fe80::1', 443, 'forbidden'],
    ['cluster', 'metadata.internal', 'metadata.internal', 'fd00:ec2::254', 443, 'forbidden'],
    ['cluster', '2002::/16', 'a.example', '2002:7f00:1::', 443, 'forbidden'],
    ['cluster', '2002::/16', 'a.example', '2002:808:808::', 443, 'allowed'],
  ];
  test.each(rows)(
    '%s with "%s": %s at %s port %i is %s',
    (policy, setting, host, address, port, expected) => {
      expect(answer(policy, setting, host, address, port)).toBe(expected);
    },
  );

  test('the local run may dial loopback, and nothing else that was denied', () => {
    const local = parsePolicy('webhook', [], { allowLoopback: true });
    expect(judge(local, 'localhost', '127.0.0.1', 8080)).toEqual({ allowed: true });
    expect(judge(local, 'localhost', '::1', 8080)).toEqual({ allowed: true });
    expect(judge(local, 'a.example', '0.0.0.0', 8080).allowed).toBe(false);
    expect(judge(local, 'a.example', '169.254.169.254', 443).allowed).toBe(false);
    expect(judge(local, 'a.example', '2002:7f00:1::', 443).allowed).toBe(false);
  });
});

describe('before a look-up', () => {
  const rows: [string, string, number, boolean][] = [
    ['', 'a.example', 443, true],
    ['', 'a.example', 80, false],
    ['10.0.0.0/8:80', 'a.example', 80, true],
    ['a.example:80', 'a.example', 80, true],
    ['b.example:80', 'a.example', 80, false],
    ['!10.0.0.0/8:80', 'a.example', 80, false],
    ['!a.example', 'a.example', 443, false],
    ['!*.example', 'a.example', 443, false],
  ];
  test.each(rows)('with "%s", %s port %i: %s', (setting, host, port, allowed) => {
    expect(judgeName(parsePolicy('cluster', entriesOf(setting)), host, port).allowed).toBe(allowed);
  });
});

describe('a setting that is not valid is refused with the entry', () => {
  test.each([
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '300.1.1.1',
    '0x7f.1',
    '127.1',
    '2130706433',
    'a.example:0',
    'a.example:65536',
    'a.example:https',
    'https://a.example',
    'a.example/path',
    'user@a.example',
    '*',
    '*.',
    'a.*.example',
    '[10.0.0.0/8]:443',
    '[a.example]:443',
    '[2001:db8::',
    '[2001:db8::/32]:443',
    '[2001:db8::]/129',
    '!',
    'a b.example',
  ])('"%s"', (entry) => {
    expect(() => parsePolicy('cluster', ['ok.example', entry])).toThrow(
      expect.objectContaining({
        code: 'TARGETS_INVALID',
        values: { entry, setting: 'DROVER_CLUSTER_TARGETS' },
      }),
    );
  });
});

test('whatever the setting allows, an IPv4 address is judged alike in each of its IPv6 clothes', () => {
  const setting = fc.array(
    fc.constantFrom('10.0.0.0/8', '!192.168.0.0/16', '0.0.0.0/0', '*.example', '!172.16.0.0/12:8443'),
  );
  fc.assert(
    fc.property(fc.ipV4(), setting, fc.constantFrom(443, 8443, 80), (address, entries, port) => {
      const plain = answer('webhook', entries.join(', '), 'a.example', address, port);
      for (const dressed of [`::ffff:${address}`, `64:ff9b::${address}`]) {
        expect(answer('webhook', entries.join(', '), 'a.example', dressed, port)).toBe(plain);
      }
    }),
    { seed: 1 },
  );
});
