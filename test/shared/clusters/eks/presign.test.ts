import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presign } from '../../../../shared/clusters/eks/presign.ts';

/** The credentials and the time of AWS's own test suite for Signature Version 4. */
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const scope = { region: 'us-east-1', service: 'service' };
const now = Date.parse('2015-08-30T12:36:00Z');
const host = 'example.amazonaws.com';
const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const signatureOf = (url: string) => new URL(url).searchParams.get('X-Amz-Signature');

// awslabs/aws-c-auth, tests/aws-signing-test-suite/v4: the signatures of each query-signed-request.txt.
test.each<{ vector: string; query?: Record<string, string>; headers?: object; session?: string; is: string }>(
  [
    {
      vector: 'get-vanilla-query-order-key-case',
      query: { Param2: 'value2', Param1: 'value1' },
      is: '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
    },
    {
      vector: 'get-vanilla-query-unreserved',
      query: { [unreserved]: unreserved },
      is: '8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf',
    },
    {
      vector: 'get-vanilla-utf8-query',
      query: { ሴ: 'bar' },
      is: '0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600',
    },
    {
      vector: 'get-header-value-trim',
      headers: { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' },
      is: 'e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4',
    },
    {
      vector: 'get-vanilla-with-session-token',
      session: '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267',
      is: '7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c',
    },
  ],
)('signs $vector as AWS does', ({ query = {}, headers = {}, session, is }) => {
  const request = { path: '/', query, headers: { host, ...headers } };
  const given = { ...credentials, ...(session && { sessionToken: session }) };
  expect(signatureOf(presign(request, scope, given, now, 3600))).toBe(is);
});

test('whatever is asked for arrives as it was given', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' })),
      (query) => {
        const url = new URL(presign({ path: '/', query, headers: { host } }, scope, credentials, now, 60));
        for (const [name, value] of Object.entries(query)) {
          expect(url.searchParams.getAll(name)).toEqual([value]);
        }
      },
    ),
    { numRuns: 30, seed: 1 },
  );
});
