import { DroverError } from '#errors';
import type { Net } from '#net';
import {
  type Look as Beat,
  judgeFault,
  type Meter,
  type Row,
  readPulses,
  type WorkContext,
} from '#reconcile';
import { type Clock, day, second } from '#time';
import type { FleetSeen } from './fleet.ts';
import { lookAt } from './lookAt.ts';
import { countLook } from './metrics.ts';
import type { Cause, ClusterData, ClustersData, Expiry, Look, Seen } from './model.ts';
import { causeOf } from './present.ts';
import type { Reach } from './reach.ts';
import { troubleOf } from './troubleOf.ts';

export interface Eyes {
  reach: Pick<Reach, 'to' | 'forget'>;
  clock: Clock;
  net: Pick<Net, 'send'>;
  meter: Meter;
  /** DROVER_KNOWN_GOOD: where it does not answer either, the fault is likely our own. */
  knownGood?: string | undefined;
  /** Rule 15's row, which steps read before a cluster leaves health. */
  fleet(): Promise<Row<ClustersData> | undefined>;
}

/** What a step sees of a cluster. */
export async function observe(eyes: Eyes, row: Row<ClusterData>, context: WorkContext): Promise<Seen> {
  const { data } = row;
  const isAsleep = data.state.is === 'paused' && !isOver(data.state.until, eyes.clock.now());
  if (row.deletedAt !== undefined || isAsleep) return { look: null, ownFault: null };
  const look = await lookOnce(eyes, row, context, 'step');
  if (look.outcome === 'ok') return { look, ownFault: null };
  const fleet = await eyes.fleet();
  return { look, ownFault: fleet?.data.kind === 'fleet' ? fleet.data.suspected : null };
}

const isOver = (until: number | null, now: number): boolean => until !== null && until <= now;

/** What a round sees of one at rest, and whether a step should see to it. */
export async function lookFor(eyes: Eyes, row: Row<ClusterData>, context: WorkContext): Promise<Beat> {
  const look = await lookOnce(eyes, row, context, 'round');
  const differs = isOtherThanKnown(row.data, look);
  const seen = look.outcome === 'ok' || look.outcome === 'degraded' ? look.seen : null;
  return {
    // One whose trouble is known answers, and is no news.
    ok: look.outcome === 'ok' || (look.outcome === 'degraded' && !differs),
    differs,
    // Where it answers, the way there is not to blame: rule 15 asks for causes on the way alone.
    ...(look.outcome === 'unreachable' && { cause: look.cause.code }),
    ...(seen && { latency: seen.latencyMs, counts: countsOf(seen) }),
  };
}

/** By the names that summaries have: lists put both together. */
function countsOf({ nodes, pods }: NonNullable<ClusterData['seen']>): Record<string, number> {
  const counts = {
    nodes: nodes?.total,
    nodesReady: nodes?.part,
    pods: pods?.total,
    podsRunning: pods?.part,
  };
  return Object.fromEntries(
    Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** Whether `decide` would make something else of it than the record says. */
function isOtherThanKnown(data: ClusterData, look: Look): boolean {
  const { state } = data;
  if (look.outcome !== 'ok') {
    if (state.is === 'held') return false;
    return state.is !== look.outcome || causeOf(data)?.code !== look.cause.code;
  }
  if (state.is === 'held') return look.uid !== null && look.uid !== state.uid;
  return (
    state.is !== 'healthy' ||
    data.failing !== null ||
    (look.uid !== null && look.uid !== data.uid) ||
    (look.seen.kubernetesVersion ?? data.seen?.kubernetesVersion) !== data.seen?.kubernetesVersion ||
    isOtherThan(codesOf(look.warnings), codesOf(data.warnings)) ||
    isOtherCertificate(
      look.expiries,
      data.expiries.filter(({ of }) => of === 'serverCertificate'),
    )
  );
}

/** In one order, and without values: a time, or words that a server chooses anew each time, would wake it each round. */
const codesOf = (warnings: readonly Cause[]): string[] =>
  [...new Set(warnings.map(({ code }) => code))].sort();

const isOtherThan = (one: readonly string[], other: readonly string[]): boolean =>
  one.join() !== other.join();

/** Behind one address may stand several servers, whose certificates were made one after the other. */
const madeTogether = day;

const isOtherCertificate = (one: readonly Expiry[], other: readonly Expiry[]): boolean =>
  one.length !== other.length ||
  one.some(({ subject, at }, index) => {
    const known = other[index]!;
    return subject !== known.subject || Math.abs(at - known.at) > madeTogether;
  });

async function lookOnce(
  eyes: Eyes,
  row: Row<ClusterData>,
  context: WorkContext,
  visit: 'step' | 'round',
): Promise<Look> {
  const started = eyes.clock.now();
  const look = await lookThere(eyes, row, context, visit);
  // What is open of it is not believed any longer: the next look reads what is stored.
  if (look.outcome === 'unauthorized') eyes.reach.forget(row.id);
  countLook(eyes.meter, look, eyes.clock.now() - started);
  return look;
}

async function lookThere(
  { reach, clock }: Eyes,
  row: Row<ClusterData>,
  context: WorkContext,
  visit: 'step' | 'round',
): Promise<Look> {
  const { access, seen } = row.data;
  const credential = { ...access.credential, type: heldIn(row.data) };
  const wish = {
    credential,
    apiGroups: visit === 'step' ? ('count' as const) : (seen?.apiGroups ?? null),
  };
  try {
    return await reach.to(
      row,
      { visit, within: context },
      (connection) => lookAt(connection, clock, wish),
      context.signal,
    );
  } catch (error) {
    // It could not be reached at all: an address that may not be dialled, a name that is not there, a lost secret.
    if (error instanceof DroverError) return troubleOf(error, clock.now(), credential);
    throw error;
  }
}

/** A kubeconfig's refusal is called by what it holds: an API server says 401 to a certificate that has ended, too. */
const heldIn = ({ access, expiries }: ClusterData) =>
  expiries.some(({ of }) => of === 'certificate') ? 'certificate' : access.credential.type;

const knownGoodPatience = 5 * second;

export async function observeFleet(eyes: Eyes, { table }: WorkContext): Promise<FleetSeen> {
  const verdict = judgeFault(await readPulses(table, 'clusters'), eyes.clock.now());
  const isTelling = verdict.isSuspected && eyes.knownGood !== undefined;
  return { verdict, isKnownGoodDown: isTelling ? await isDown(eyes, eyes.knownGood!) : null };
}

async function isDown({ net }: Eyes, url: string): Promise<boolean> {
  try {
    await net.send('cluster', { url, method: 'HEAD', timeout: knownGoodPatience });
    return false;
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    // It answered, if only with an address to go to.
    return error.code !== 'REDIRECTED';
  }
}
