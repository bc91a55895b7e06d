import { type Millis, second } from '#time';
import type { Collected } from './collect.ts';
import { headText, labelsText, sampleText } from './exposition.ts';

export interface Scraped {
  readonly target: string;
  /** Signing in included. */
  readonly tookMs: Millis;
  /** Refused for who we are, since this was registered. */
  readonly signInFailures: number;
  /** Missing where nothing could be read. */
  readonly collected?: Collected;
}

/** What Drover tells of a scrape itself. `up` alone is Prometheus' own, and says that Drover answered. */
export function ownSeries({ target, tookMs, signInFailures, collected }: Scraped): string {
  const one = (name: string, type: string, help: string, value: number): string =>
    headText(name, help, type) + sampleText(name, labelsText({ target }), value);
  const ofFamilies = (
    name: string,
    help: string,
    value: (family: Collected['families'][number]) => number,
  ) =>
    collected
      ? headText(name, help, 'gauge') +
        collected.families
          .map((family) => sampleText(name, labelsText({ family: family.name, target }), value(family)))
          .join('')
      : '';
  return [
    one(
      'nv_exporter_up',
      'gauge',
      '1 where the controller was reached and let Drover in, else 0.',
      collected ? 1 : 0,
    ),
    one(
      'nv_exporter_scrape_duration_seconds',
      'gauge',
      'Seconds that reading the controller took, signing in included.',
      tookMs / second,
    ),
    one(
      'nv_exporter_scrape_requests',
      'gauge',
      'Requests that were made to the controller, but for signing in.',
      collected?.requests ?? 0,
    ),
    one(
      'nv_exporter_sign_in_failures_total',
      'counter',
      'Times that the controller refused the credentials.',
      signInFailures,
    ),
    ofFamilies(
      'nv_exporter_family_success',
      '1 where all of a family was read, 0 where some or all of it is missing.',
      ({ failure }) => (failure ? 0 : 1),
    ),
    ofFamilies(
      'nv_exporter_family_duration_seconds',
      'Seconds until a family was read; families are read side by side.',
      (family) => family.tookMs / second,
    ),
  ].join('');
}
