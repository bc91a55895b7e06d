const longest = 200;

/** Others' text as it may stand in a sentence or a log: one line, not too long. */
export function shown(text: string): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ');
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
