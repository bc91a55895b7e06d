import { z } from 'zod';
import { neuvectorError } from './errors.ts';

export interface JoinTokenParts {
  /** The primary's federation listener. */
  server: string;
  port: number;
  /** What lets a cluster in; null in the tokens of earlier systems, which no controller takes. */
  ticket: string | null;
}

const parts = z.object({
  s: z
    .string()
    .max(255)
    .regex(/^[^\s\p{Cc}]+$/u),
  p: z.int().min(1).max(65_535),
  t: z.string().nullish().catch(null),
});

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a token says. Its errors hold nothing of it. */
export function decodeJoinToken(text: string): JoinTokenParts {
  const token = joinTokenIn(text);
  const read = parts.safeParse(parsed(Buffer.from(token, 'base64').toString('utf8')));
  if (!read.success) throw neuvectorError('JOIN_TOKEN_WITHOUT_ADDRESS');
  const { s: server, p: port, t: ticket } = read.data;
  return { server, port, ticket: ticket || null };
}

/**
 * The token in what somebody gave: with white space around it or within, as JSON that carries it, in the alphabet for
 * URLs, without its padding. As controllers take it.
 */
export function joinTokenIn(text: string): string {
  const given = unwrapped(text).replace(/\s+/g, '');
  if (given === '') throw neuvectorError('JOIN_TOKEN_EMPTY');
  if (uuid.test(given)) throw neuvectorError('JOIN_TOKEN_IS_FIXED');
  if (!/^[\w+/-]+={0,2}$/.test(given)) throw neuvectorError('JOIN_TOKEN_NOT_BASE64');
  // Takes both alphabets, and does without padding.
  const bytes = Buffer.from(given, 'base64');
  const said = parsed(bytes.toString('utf8'));
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    throw neuvectorError('JOIN_TOKEN_NOT_JSON');
  return bytes.toString('base64');
}

export const encodeJoinToken = ({ server, port, ticket }: JoinTokenParts): string =>
  Buffer.from(JSON.stringify({ s: server, p: port, ...(ticket !== null && { t: ticket }) })).toString(
    'base64',
  );

/** As services hand them out: `{"context":…}` and `{"join_token":…}`. */
const wrapper = z.union([
  z.string(),
  z.object({ join_token: z.string() }).transform((given) => given.join_token),
  z.object({ context: z.string() }).transform((given) => given.context),
]);

const unwrapped = (text: string): string => {
  const read = wrapper.safeParse(parsed(text));
  return read.success ? read.data : text;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error's own text shows a piece of it.
    return undefined;
  }
}
