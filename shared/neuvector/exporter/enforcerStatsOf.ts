/**
 * What a setting called ENFORCER_STATS means. To the official exporter any text is yes, "0" and "false" included.
 */
export function enforcerStatsOf(setting: string | undefined, compat: boolean): boolean {
  const text = setting ?? '';
  return compat ? text !== '' : /^(1|true|yes|on)$/i.test(text.trim());
}
