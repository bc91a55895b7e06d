import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { second } from '#time';
import { groups } from './cases/index.ts';
import { startControlPlane } from './controlPlane/start.ts';
import { connect } from './play/connection.ts';
import { brokenOff } from './play/play.ts';
import { playAll } from './play/playAll.ts';
import { writeRecordings } from './recordings.ts';

/** Writes down what a real one answers in every case: `npm run fidelity:record`. */
const folder = await mkdtemp(join(tmpdir(), 'drover-record-'));
const real = await startControlPlane({ folder });
try {
  const connection = connect(real, 60 * second);
  const played = await playAll(groups, connection, 8);
  await connection.close();
  const broken = Object.values(played).flatMap((transcripts) =>
    Object.entries(transcripts).filter(([, transcript]) =>
      transcript.some((entry) => 'note' in entry && entry.note === brokenOff),
    ),
  );
  for (const [name, transcript] of broken) console.error(`${name}: ${JSON.stringify(transcript.at(-1))}`);
  if (broken.length > 0) process.exitCode = 1;
  else await writeRecordings(played);
} finally {
  await real.stop();
  await rm(folder, { recursive: true });
}
