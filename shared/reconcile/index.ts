export type {
  Actor,
  Area,
  BackOff,
  DecideContext,
  Json,
  Labels,
  Look,
  NewAudit,
  NewEvent,
  Next,
  Plan,
  Row,
  Secret,
  Summary,
  WorkContext,
} from './area.ts';
export { delayAfter, jittered } from './backOff.ts';
export { createEngine, type Engine } from './engine.ts';
export { oldestDue } from './oldestDue.ts';
export { type FaultVerdict, judgeFault } from './ownFault.ts';
export type { Couriers, HandOver, Log, Meter, Ports } from './ports.ts';
export { type Beat, type Pulse, readPulse, readPulses } from './pulse.ts';
export type {
  AuditEntry,
  By,
  Changed,
  Counts,
  Created,
  Draft,
  Edit,
  EventEntry,
  Listed,
  ListPage,
  ListPlace,
  ListQuery,
  Records,
} from './records.ts';
export { readSlot, resealSlots, type SlotValue, slotName, slotsOf } from './slots.ts';
