const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `250m`, `16Gi`, `1e3` → a number; 0 for what is no quantity: a sum of many is not lost for one. */
export function quantity(text: unknown): number {
  const [, digits, exponent, suffix] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(text)) ?? [];
  if (digits === undefined) return 0;
  return exponent ? Number(digits + exponent) : Number(digits) * factors[suffix ?? '']!;
}

/** In thousandths, as CPU is counted. */
export const millis = (text: unknown): number => Math.round(quantity(text) * 1_000);
