import PQueue from 'p-queue';
import type { Connection } from './connection.ts';
import { type Cases, play } from './play.ts';
import type { Transcript } from './transcript.ts';

/** Plays all cases of all groups, several at a time: each keeps to names of its own. */
export async function playAll(
  groups: Readonly<Record<string, Cases>>,
  connection: Connection,
  concurrency: number,
): Promise<Record<string, Record<string, Transcript>>> {
  const queue = new PQueue({ concurrency });
  const played: Record<string, Record<string, Transcript>> = {};
  for (const [group, cases] of Object.entries(groups)) {
    const transcripts: Record<string, Transcript> = {};
    played[group] = transcripts;
    for (const [name, story] of Object.entries(cases)) {
      // The name first: cases end in any order, and files keep this one.
      transcripts[name] = [];
      void queue.add(async () => {
        transcripts[name] = await play(story, connection);
      });
    }
  }
  await queue.onIdle();
  return played;
}
