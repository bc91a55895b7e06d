import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Transcript } from './play/transcript.ts';

const folder = new URL('recordings/', import.meta.url);

/** What the real one answered, by case. */
export type Recording = Readonly<Record<string, Transcript>>;

export async function recordingOf(group: string): Promise<Recording> {
  return JSON.parse(gunzipSync(await readFile(fileOf(group))).toString()) as Recording;
}

/** The names of what is recorded. */
export const recorded = async (): Promise<string[]> =>
  (await readdir(folder)).map((file) => file.replace(/\.json\.gz$/, '')).sort();

export async function writeRecordings(groups: Readonly<Record<string, Recording>>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [group, recording] of Object.entries(groups)) {
    await writeFile(fileOf(group), gzipSync(JSON.stringify(recording), { level: 9 }));
  }
}

const fileOf = (group: string): URL => new URL(`${group}.json.gz`, folder);
