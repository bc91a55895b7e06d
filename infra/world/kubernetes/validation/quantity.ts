/**
 * A resource quantity in the form that Kubernetes gives back: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`.
 * Counted in nano-units, below which the server rounds up.
 */
export function canonicalQuantity(written: string): string | undefined {
  const parts = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i|[eE][+-]?\d+|[numkMGTPE])?$/.exec(written);
  if (!parts) return undefined;
  const [, sign, digits = '', suffix = ''] = parts;
  const [whole = '', fraction = ''] = digits.split('.');
  const format = suffix.endsWith('i') ? 'binary' : /^[eE][+-]?\d/.test(suffix) ? 'exponent' : 'decimal';

  let numerator = BigInt(whole + fraction || '0') * nano;
  let denominator = 10n ** BigInt(fraction.length);
  if (format === 'binary') numerator *= 1024n ** BigInt(binarySuffixes.indexOf(suffix));
  else {
    const wanted = format === 'exponent' ? Number(suffix.slice(1)) : (decimalPowers.get(suffix) ?? 0);
    // Nobody means these, and to count them in nano-units would take for ever.
    if (wanted > 1_000) return written;
    const power = Math.max(wanted, -digits.length - 30);
    if (power < 0) denominator *= 10n ** BigInt(-power);
    else numerator *= 10n ** BigInt(power);
  }
  const amount = (numerator + denominator - 1n) / denominator;
  if (amount === 0n) return '0';
  const minus = sign === '-' ? '-' : '';
  return minus + (format === 'binary' ? binaryForm(amount) : decimalForm(amount, format));
}

const nano = 1_000_000_000n;
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalPowers = new Map(
  ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index) => [suffix, (index - 3) * 3]),
);

function binaryForm(amount: bigint): string {
  // Less than 1Ki, or no whole number, is written in decimals.
  if (amount < 1024n * nano || amount % nano !== 0n) return decimalForm(amount, 'decimal');
  let mantissa = amount / nano;
  let power = 0;
  for (; power < 6 && mantissa % 1024n === 0n; power++) mantissa /= 1024n;
  return `${mantissa}${binarySuffixes[power]}`;
}

function decimalForm(amount: bigint, format: 'decimal' | 'exponent'): string {
  let mantissa = amount;
  let power = -9;
  for (; power < 18 && mantissa % 1000n === 0n; power += 3) mantissa /= 1000n;
  if (format === 'exponent') return power === 0 ? `${mantissa}` : `${mantissa}e${power}`;
  const suffix = [...decimalPowers].find(([, of]) => of === power)?.[0] ?? '';
  return `${mantissa}${suffix}`;
}
