import type { NvRequest, SignedIn } from './access.ts';
import { type CallOptions, isYes, notNeuvector } from './ask.ts';
import { MalformedJson } from './elementReader.ts';
import { secretsOf } from './pass.ts';
import { NvRefused, refusalOf } from './refused.ts';
import { streamElements } from './streamElements.ts';

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
    yield* streamElements(answer.body, field);
  } catch (error) {
    throw error instanceof MalformedJson ? notNeuvector(way, request, answer) : error;
  }
}
