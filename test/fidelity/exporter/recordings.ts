import { join } from 'node:path';

/** What the official exporter said of each of the scenarios. */
export const recordings = join(import.meta.dirname, 'recorded');

/** Of the usual one also elsewhere: it reads times of UTC as those of where it runs. */
export const timeZones: Readonly<Record<string, string>> = { UTC: '', 'Asia/Shanghai': ' in Shanghai' };
