const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time for people, with the precision that Kubernetes gives each range. */
export function humanDuration(millis: number): string {
  const count = (unit: number) => Math.trunc(millis / unit);
  const both = (whole: number, large: string, rest: number, small: string) =>
    rest === 0 ? `${whole}${large}` : `${whole}${large}${rest}${small}`;

  const seconds = count(second);
  // Clocks may differ a little: just ahead is now.
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = count(minute);
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = count(hour);
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = count(day);
  if (days < 8) return both(days, 'd', hours % 24, 'h');
  if (days < 2 * 365) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days < 8 * 365 ? both(years, 'y', days % 365, 'd') : `${years}y`;
}

export type AgeOf = (time: unknown) => string;

export const ageAt =
  (now: number): AgeOf =>
  (time) =>
    typeof time === 'string' ? humanDuration(now - Date.parse(time)) : '<unknown>';
