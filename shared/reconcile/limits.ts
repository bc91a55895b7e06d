import { minute, second } from '#time';

/** ENGINE, "Terms" and rules 4, 7, 8, 11, 13: the numbers the protocol was tried with. */
export const leaseFor = 30 * second;
export const renewEvery = 10 * second;
/** L: no call to store or world starts later than this after a worker's start. */
export const workerLimit = 300 * second;
export const roundLimit = 90 * second;
/** By how much two machines' clocks may disagree. */
export const clocksDiffer = minute;
/** Late workers (L), and what they sent (L again), are surely done by then. */
export const tombstoneFor = 2 * workerLimit + 2 * clocksDiffer;
/** Older hand-overs are dropped: the tick has found the work again by then. */
export const handOverFor = 90 * second;
/** A worker stays with a record whose next step is no further away than this. */
export const stayFor = 15 * second;
/** It lets go this long before its limit, so that the release itself is in time. */
export const reserve = 15 * second;
export const unreadableFor = 15 * minute;
/** An unconfirmed reservation without a row may be taken after this. */
export const reservationFor = 15 * minute;
/** How far ahead a tick looks for work that is worth staying for, and how long it stays at most. */
export const tickHorizon = minute;
export const tickLimit = 55 * second;
/** At work, but nobody came: a round hands such a row over. */
export const overdueFor = 2 * minute;
/** A slice without rows of an interval is visited this seldom. */
export const emptySliceEvery = 15 * minute;
export const handOverGroup = 50;
