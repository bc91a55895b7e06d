import { Api } from './api.ts';
import type { Connection } from './connection.ts';
import { normalise } from './normalise.ts';
import type { Transcript } from './transcript.ts';

/** Asks a world one thing after another; what it answers is the outcome. */
export type Case = (api: Api) => Promise<void>;

/** Cases by what they show, each a sentence. */
export type Cases = Readonly<Record<string, Case>>;

/** What a world answers in a case, less what differs from run to run. */
export async function play(story: Case, connection: Connection): Promise<Transcript> {
  const api = new Api(connection);
  try {
    await story(api);
  } catch (error) {
    api.note(brokenOff, error instanceof Error ? error.message : String(error));
  } finally {
    await api.close();
  }
  return normalise(api.transcript, {
    run: api.run,
    server: connection.world.server,
    administrator: connection.administrator,
    prefixes: api.prefixes,
  });
}

/** Of a case that could not go on: what it waited for never came, or an answer lacked what it takes from it. */
export const brokenOff = 'the case broke off';
