import { describe, expect, it } from 'vitest';
import type { FaultVerdict, Row } from '#reconcile';
import { minute, second } from '#time';
import { decideFleet } from '../../../shared/clusters/fleet.ts';
import { type FleetData, fleetId } from '../../../shared/clusters/model.ts';
import { aCluster, start } from './aCluster.ts';

const aFleet = (suspected: FleetData['suspected'] = null): Row<FleetData> => ({
  ...aCluster(),
  id: fleetId,
  kind: 'fleet',
  name: 'fleet',
  data: { kind: 'fleet', suspected },
});

const verdict = (more: Partial<FaultVerdict> = {}): FaultVerdict => ({
  looked: 100,
  failed: 40,
  cause: 'TCP_TIMEOUT',
  isSuspected: true,
  isLasting: true,
  ...more,
});

const decided = (
  row: Row<FleetData>,
  seen: FaultVerdict,
  isKnownGoodDown: boolean | null = null,
  now = start,
) => decideFleet(row, { verdict: seen, isKnownGoodDown }, { now, random: 0, isNew: false });

describe('many failing alike', () => {
  it.each([
    { name: 'no address is given', isKnownGoodDown: null, isTold: true },
    { name: 'the well-known address fails too', isKnownGoodDown: true, isTold: true },
    { name: 'the well-known address answers', isKnownGoodDown: false, isTold: false },
  ])('$name: told $isTold', ({ isKnownGoodDown, isTold }) => {
    const plan = decided(aFleet(), verdict(), isKnownGoodDown);
    expect(plan.events?.map(({ type }) => type) ?? []).toEqual(isTold ? ['fleet.own-fault-suspected'] : []);
    expect(plan.data.suspected).toEqual(isTold ? { since: start, cause: 'TCP_TIMEOUT' } : null);
  });

  it('is told once for as long as it lasts, and looked at until it is over', () => {
    let row = aFleet();
    const told: string[] = [];
    for (let now = start; now < start + 20 * minute; now += 20 * second) {
      const plan = decided(row, verdict({ isSuspected: now === start }), null, now);
      told.push(...(plan.events ?? []).map(({ type }) => type));
      expect(plan.next.kind).toBe('at');
      row = { ...row, data: plan.data };
    }
    expect(told).toEqual(['fleet.own-fault-suspected']);
    expect(row.data.suspected?.since).toBe(start);
    const over = decided(row, verdict({ isSuspected: false, isLasting: false }), null, start + 21 * minute);
    expect(over).toEqual({ data: { kind: 'fleet', suspected: null }, next: { kind: 'rest' } });
  });

  it('few are none of our concern', () => {
    expect(decided(aFleet(), verdict({ isSuspected: false })).data.suspected).toBeNull();
  });
});
