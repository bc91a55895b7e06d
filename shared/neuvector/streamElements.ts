import { ElementReader } from './elementReader.ts';

/**
 * The elements of the list `field` of a JSON object, each as `JSON.parse` gives it, while the rest arrives: memory does
 * not grow with the list. Null, an empty list and no such field give none. What stands beside the list is passed over
 * unread. Throws MalformedJson on what is cut off or no JSON.
 */
export async function* streamElements(
  stream: AsyncIterable<Uint8Array>,
  field: string,
): AsyncGenerator<unknown> {
  const reader = new ElementReader(field);
  for await (const piece of stream) {
    for (const element of reader.read(piece)) yield element;
  }
  reader.end();
}
