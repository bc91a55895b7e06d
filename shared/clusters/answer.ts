import type { Json } from '#reconcile';
import type { ClusterCall } from './calls.ts';
import type { WorkerParts } from './worker.ts';

/** What the HTTP function asks for and waits for; see calls.ts. */
export async function answerCall(_parts: WorkerParts, call: ClusterCall): Promise<Json> {
  throw new Error(`Not answered yet: ${call.do}`);
}
