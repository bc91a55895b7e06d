import type { NvRequest, SignedIn } from './access.ts';
import { type CallOptions, isYes, notNeuvector } from './ask.ts';
import { ElementReader, MalformedJson } from './elementReader.ts';
import { secretsOf } from './pass.ts';
import { NvRefused, refusalOf } from './refused.ts';

/** The elements of a list, while it arrives. */
export async function* listOf(
  { way, pass }: SignedIn,
  path: string,
  field: string,
  query: NonNullable<NvRequest['query']> = {},
  options: CallOptions = {},
): AsyncGenerator<unknown> {
  const request = { path, query, ...options };
  const answer = await way.stream(request, pass);
  if (!isYes(answer)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body) pieces.push(piece);
    const { status, headers } = answer;
    const refusal = refusalOf({ status, headers, body: Buffer.concat(pieces) }, secretsOf(pass));
    throw new NvRefused(refusal, way.place);
  }
  try {
    // As `streamElements`, without the turns that one generator within another costs for each element.
    const reader = new ElementReader(field);
    for await (const piece of answer.body) {
      for (const element of reader.read(piece)) yield element;
    }
    reader.end();
  } catch (error) {
    throw error instanceof MalformedJson ? notNeuvector(way, request, answer) : error;
  }
}
