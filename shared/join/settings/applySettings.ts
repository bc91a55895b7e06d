import { DroverError } from '#errors';
import { type By, type Log, type Records, type Row, slotName, slotsOf } from '#reconcile';
import type { SecretReferences } from '#secretReferences';
import { type ControllerGiven, sayFaults } from '#settings';
import type { Clock, Instant } from '#time';
import type { JoinCall, MembershipBody, Prepared } from '../calls.ts';
import { drawSuffix } from '../ladder/derive.ts';
import { type Cause, lookEvery, type MembershipData } from '../model.ts';
import { changed, newMembership, paused, resumed, type Wished } from '../wishes.ts';
import { faultsOf, isPassing, readDescribed } from './described.ts';
import { joinSettingsErrors } from './errors.ts';
import { Marks } from './mark.ts';
import { type Described, isOfController, metricsAlone, settingsName } from './membershipOf.ts';

type PrepareCall = Extract<JoinCall, { do: 'prepare' }>;

export interface SettingsParts {
  given: ControllerGiven;
  references: Pick<SecretReferences, 'resolve'>;
  records: Pick<Records<MembershipData>, 'newId' | 'get' | 'create' | 'change'>;
  prepare(call: PrepareCall): Promise<Prepared>;
  clock: Clock;
  random(bytes: number): Uint8Array;
  log: Log;
}

/** What became of the membership that the environment describes. */
export type Applied =
  /** The environment describes none, and there is none of it. */
  | 'absent'
  | 'created'
  | 'changed'
  | 'unchanged'
  | 'paused'
  /** A person's record has the name, and is left alone. */
  | 'taken'
  /** A secret cannot be read now: all stays as it is. */
  | 'unanswered'
  /** Its settings are not whole, and say not even which controller is meant. */
  | 'refused';

const actor = { kind: 'system', id: 'settings', name: 'settings' } as const;
const by = (action: string): By => ({ actor, action });

/**
 * Keeps the membership that the environment describes as it says. Settings that stay as they are cost one read; they
 * are known by their mark, so that nothing is opened for it.
 */
export class SettingsMembership {
  readonly #parts: SettingsParts;
  readonly #marks = new Marks();
  #said = '';

  constructor(parts: SettingsParts) {
    this.#parts = parts;
  }

  async apply(): Promise<Applied> {
    const { given, references, records } = this.#parts;
    const row = await records.get(settingsName, 'join');
    const read = await readDescribed(given, references);
    if ('unanswered' in read) {
      this.#say('a secret of the settings cannot be read now', { error: read.unanswered });
      return 'unanswered';
    }
    const { described } = read;
    if (row && row.data.from !== 'settings') {
      if (described.is === 'absent') return 'absent';
      this.#say('a membership of this name was made by a person: the settings are passed over', {
        name: settingsName,
      });
      return 'taken';
    }
    switch (described.is) {
      case 'absent':
        return row ? this.#pause(row, { code: 'SETTINGS_GONE', values: {} }) : 'absent';
      case 'wrong':
        return this.#refuse(row, read.given, described);
      case 'whole':
        return this.#keep(row, read.given, described.body);
    }
  }

  async #keep(
    row: Row<MembershipData> | undefined,
    given: ControllerGiven,
    body: MembershipBody,
  ): Promise<Applied> {
    const text = textOf(given);
    const mark = row?.data.settingsMark;
    if (row && mark && (await this.#marks.isOf(mark, text))) return this.#resume(row);
    try {
      return await (row ? this.#change(row, body, text) : this.#create(body, text));
    } catch (error) {
      if (!(error instanceof DroverError) || isPassing(error)) throw error;
      const problems = faultsOf(error);
      const address = body.controller?.address;
      return this.#refuse(row, given, { address, problems, metrics: metricsAlone(body, problems) });
    }
  }

  async #create(body: MembershipBody, text: string, cause?: Reason): Promise<Applied> {
    const { records, prepare, clock, random } = this.#parts;
    const id = records.newId('join');
    const prepared = await prepare({ do: 'prepare', id, version: 1, body, by: { actor } });
    const slot = slotName(0, id);
    const mark = await this.#marks.of(text);
    const now = clock.now();
    const data = newMembership(prepared, slot, drawSuffix(random), now, mark);
    return this.#put(id, slot, cause ? pausedFor(data, cause, now).data : data, prepared.secret);
  }

  async #put(id: string, slot: string, data: MembershipData, secret: Prepared['secret']): Promise<Applied> {
    const { outcome } = await this.#parts.records.create(
      {
        kind: 'join',
        id,
        name: settingsName,
        labels: {},
        everySeconds: lookEvery,
        data,
        sides: slotsOf(id, slot, secret),
      },
      by('join.create'),
    );
    // Somebody was faster: the next time it is theirs that is looked at.
    if (outcome !== 'created') return 'taken';
    return data.state.is === 'paused' ? 'paused' : 'created';
  }

  async #change(
    row: Row<MembershipData>,
    body: MembershipBody,
    text: string,
    cause?: Reason,
  ): Promise<Applied> {
    const { prepare, clock } = this.#parts;
    const version = row.data.secretVersion + 1;
    const prepared = await prepare({ do: 'prepare', id: row.id, version, body, by: { actor } });
    const settingsMark = await this.#marks.of(text);
    return this.#write(row, 'join.update', cause ? 'paused' : 'changed', (data) => {
      // Another process was faster with the same settings: the next time they are known by its mark.
      if (data.secretVersion + 1 !== version) return undefined;
      const now = clock.now();
      const wished = cause ? stopped(data, prepared, cause, now) : awake(data, prepared, now);
      return {
        data: { ...wished.data, settingsMark },
        events: wished.events,
        secret: { value: prepared.secret, into: (next, slot) => ({ ...next, slot }) },
      };
    });
  }

  #resume(row: Row<MembershipData>): Promise<Applied> | Applied {
    if (!isPausedByUs(row.data)) return 'unchanged';
    return this.#write(row, 'join.resume', 'changed', (data) =>
      isPausedByUs(data) ? resumed(data, this.#parts.clock.now()) : undefined,
    );
  }

  /**
   * One message names all. Nothing is joined meanwhile; metrics go on, where what is said of the controller is whole.
   * Where there is no record yet, one is made to carry the message.
   */
  async #refuse(
    row: Row<MembershipData> | undefined,
    given: ControllerGiven,
    { address, problems, metrics }: Omit<Extract<Described, { is: 'wrong' }>, 'is'>,
  ): Promise<Applied> {
    const faults = sayFaults(problems);
    this.#say('the settings of the controller cannot be used', { faults: faults.en });
    const cause: Reason = { code: 'SETTINGS_INCOMPLETE', values: { faults } };
    if (metrics) {
      const text = textOf(given, isOfController);
      const mark = row?.data.settingsMark;
      if (row && mark && (await this.#marks.isOf(mark, text))) return this.#pause(row, cause);
      return row ? this.#change(row, metrics, text, cause) : this.#create(metrics, text, cause);
    }
    if (row) return this.#pause(row, cause);
    if (address === undefined) return 'refused';
    const { records, clock, random } = this.#parts;
    const id = records.newId('join');
    const slot = slotName(0, id);
    const now = clock.now();
    const nothing = unreadMembership(address, now);
    const data = newMembership(nothing, slot, drawSuffix(random), now, '');
    return this.#put(id, slot, pausedFor(data, cause, now).data, nothing.secret);
  }

  #pause(row: Row<MembershipData>, cause: Reason): Promise<Applied> | Applied {
    const isToPause = ({ state }: MembershipData) =>
      state.is !== 'paused' || (state.cause !== null && !isSame(state.cause, cause));
    if (!isToPause(row.data)) return 'paused';
    return this.#write(row, 'join.pause', 'paused', (data) =>
      isToPause(data) ? pausedFor(data, cause, this.#parts.clock.now()) : undefined,
    );
  }

  async #write(
    row: Row<MembershipData>,
    action: string,
    done: Applied,
    edit: (data: MembershipData) => Edit | undefined,
  ): Promise<Applied> {
    const { outcome } = await this.#parts.records.change(
      row.id,
      'join',
      ({ data }) => edit(data),
      by(action),
    );
    return outcome === 'changed' ? done : 'unchanged';
  }

  /** Each minute it is the same. */
  #say(message: string, fields: Record<string, unknown>): void {
    const said = JSON.stringify([message, fields]);
    if (said !== this.#said) this.#parts.log.warn(message, fields);
    this.#said = said;
  }
}

type Edit = NonNullable<ReturnType<Parameters<Records<MembershipData>['change']>[2]>>;

type Reason = Cause & { code: keyof typeof joinSettingsErrors };

/** A person's pause stays, whatever the settings are. */
const isPausedByUs = ({ state }: MembershipData): boolean => state.is === 'paused' && state.cause !== null;

/** What is wanted of the federation stays as it was: it was about the same cluster. */
function stopped(data: MembershipData, prepared: Prepared, cause: Reason, now: Instant): Wished {
  const asleep = data.state.is === 'paused' && !isPausedByUs(data) ? undefined : pausedFor(data, cause, now);
  const { data: next } = changed(asleep?.data ?? data, { ...prepared, wish: data.wish }, data.slot, now);
  return { data: next, events: asleep?.events ?? [] };
}

function awake(data: MembershipData, prepared: Prepared, now: Instant): Wished {
  const wished = changed(data, prepared, data.slot, now);
  const again = isPausedByUs(data) ? resumed(wished.data, now) : undefined;
  return { data: (again ?? wished).data, events: [...wished.events, ...(again?.events ?? [])] };
}

const pausedFor = (data: MembershipData, cause: Reason, now: Instant) =>
  paused(data, null, joinSettingsErrors[cause.code].title.en, now, cause);

/** A store keeps no order of names. */
const isSame = (one: Cause, other: Cause): boolean => saidOf(one) === saidOf(other);
const saidOf = ({ code, values: { faults } }: Cause): string =>
  `${code} ${typeof faults === 'object' ? faults.en : ''}`;

/** As long as nothing can be made of the settings: a record that says so, and is asked for nothing else. */
const unreadMembership = (address: string, now: Instant): Prepared => ({
  controller: {
    by: 'address',
    address,
    trust: { ca: null, fingerprint: null, tlsServerName: null },
    credential: { type: 'password', name: '', version: 0, rotatedAt: now },
  },
  wish: null,
  secret: { sealed: '' },
});

/** Of these no membership is made. */
const beside = ['EXPORTER_PORT', 'ENFORCER_STATS'];

const textOf = (given: ControllerGiven, isMeant: (name: string) => boolean = () => true): string =>
  JSON.stringify(
    Object.entries(given)
      .filter(([name]) => !beside.includes(name) && isMeant(name))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
