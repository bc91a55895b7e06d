import type { Json } from './json.ts';

/** What a client saw in a case, in the order in which it asked. */
export type Transcript = Entry[];

export type Entry = Answered | Watched | Noted;

export interface Answered {
  request: string;
  status: number;
  headers: Record<string, string>;
  body: Json;
}

export interface Watched {
  watch: string;
  status: number;
  headers: Record<string, string>;
  /** Of a refused watch, which gets no events. */
  body?: Json;
  events: Json[];
}

/** Something that is no answer: an error of the connection, what a token says. */
export interface Noted {
  note: string;
  value: Json;
}
