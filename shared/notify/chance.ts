/** 0 ≤ chance < 1 */
export const chance = ({ random }: { random: (bytes: number) => Uint8Array }): number =>
  Buffer.from(random(4)).readUInt32BE(0) / 2 ** 32;
