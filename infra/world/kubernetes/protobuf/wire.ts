/** One field as it stands in a message: of a number the value, of all else the bytes. */
export interface Field {
  number: number;
  value: bigint;
  bytes: Buffer;
}

const empty = Buffer.alloc(0);

/** Throws a RangeError where the bytes end too early. */
export function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('the message ends within a field');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint(), bytes: empty });
        break;
      case 1:
        fields.push({ number, value: 0n, bytes: take(8) });
        break;
      case 2:
        fields.push({ number, value: 0n, bytes: take(Number(varint())) });
        break;
      case 5:
        fields.push({ number, value: 0n, bytes: take(4) });
        break;
      default:
        throw new RangeError(`no wire type ${tag & 7}`);
    }
  }
  return fields;
}
