/** What a body says as JSON; undefined where it is none. */
export function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  } catch {
    // The error's own text shows a piece of the body, which may hold a secret.
    return undefined;
  }
}
