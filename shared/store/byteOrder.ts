/**
 * The store orders strings by their UTF-8 bytes; JavaScript by UTF-16 units, which puts surrogate pairs before
 * U+E000–U+FFFF. Exchanging the two ranges makes JavaScript's order the store's. Prefixes stay prefixes.
 */
export function inByteOrder(text: string): string {
  if (!outOfOrder.test(text)) return text;
  let ordered = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const moved = unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;
    ordered += String.fromCharCode(moved);
  }
  return ordered;
}

const outOfOrder = /[\ud800-\uffff]/;

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
