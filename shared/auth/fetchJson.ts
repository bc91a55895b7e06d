import type { Net } from '#net';
import { second } from '#time';
import type { FetchJson } from './oidc.ts';

/** An identity provider's documents, fetched like any other address that a setting names. */
export const fetchJsonOver =
  (net: Pick<Net, 'send'>): FetchJson =>
  async (url) => {
    const { status, body } = await net.send('webhook', {
      url,
      headers: { accept: 'application/json' },
      timeout: 5 * second,
      maxBytes: 262_144,
    });
    if (status !== 200) throw new Error(`The identity provider answered ${status}.`);
    return JSON.parse(Buffer.from(body).toString('utf8'));
  };
