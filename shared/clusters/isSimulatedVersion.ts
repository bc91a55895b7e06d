/** Simulated clusters say so by their version, which no real one does. */
export const isSimulatedVersion = (version: string | null): boolean =>
  version?.endsWith('+simulated') ?? false;
