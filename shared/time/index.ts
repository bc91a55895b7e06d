export {
  type Clock,
  day,
  hour,
  type Instant,
  iso,
  type Millis,
  minute,
  second,
  systemClock,
} from './clock.ts';
export { newId, timeOfId } from './ids.ts';
