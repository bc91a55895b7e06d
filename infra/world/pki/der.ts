/**
 * ASN.1 in DER, the writing half only: what a certificate is made of. Reading is left to `node:crypto`. A library for
 * all of X.509 would be 21 packages and 0.15 s of every start.
 */
export type Der = Buffer;

function element(tag: number, ...content: readonly Uint8Array[]): Der {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), length(body.length), body]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  const digits = unsigned(bytes);
  return Buffer.from([0x80 | digits.length, ...digits]);
}

function unsigned(value: number): number[] {
  return value < 0x100 ? [value] : [...unsigned(Math.floor(value / 0x100)), value % 0x100];
}

export const sequence = (...parts: readonly Der[]): Der => element(0x30, ...parts);
/** A set's members stand in the order of their bytes. */
export const setOf = (...parts: readonly Der[]): Der => element(0x31, ...parts.toSorted(Buffer.compare));
export const octets = (content: Uint8Array): Der => element(0x04, content);
export const utf8 = (text: string): Der => element(0x0c, Buffer.from(text, 'utf8'));
export const yes: Der = element(0x01, Buffer.from([0xff]));

/** A positive whole number from its bytes: a leading zero keeps it from being read as negative. */
export function integer(bytes: Uint8Array): Der {
  const firstDigit = bytes.findIndex((byte) => byte !== 0);
  const digits = firstDigit < 0 ? Buffer.from([0]) : bytes.subarray(firstDigit);
  return element(0x02, Buffer.from(digits[0]! >= 0x80 ? [0] : []), digits);
}

/** `unused` bits at the end of the last byte do not count; in a list of named bits there are no trailing zeros. */
export const bits = (content: Uint8Array, unused = 0): Der => element(0x03, Buffer.from([unused]), content);

export function objectId(dotted: string): Der {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first! * 40 + second!, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value % 0x80];
  for (let rest = Math.floor(value / 0x80); rest > 0; rest = Math.floor(rest / 0x80)) {
    digits.unshift(0x80 | (rest % 0x80));
  }
  return digits;
}

/** X.509 wants two digits for the year until 2049 and four from 2050. */
export function time(at: number): Der {
  const digits = `${new Date(at).toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`;
  return digits < '2050' ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

/** `[number]` in the place of a plain element's own tag. */
export const tagged = (number: number, content: Uint8Array): Der => element(0x80 | number, content);
/** `[number]` around elements. */
export const wrapped = (number: number, ...parts: readonly Der[]): Der => element(0xa0 | number, ...parts);
