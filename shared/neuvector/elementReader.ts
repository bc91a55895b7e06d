/** Cut off, no JSON, or no list where one was looked for. Says nothing of what was read. */
export class MalformedJson extends Error {
  constructor(what: string) {
    super(`Malformed JSON: ${what}`);
    this.name = 'MalformedJson';
  }
}

type State =
  | 'start'
  /** After `{`: a name, or the end. */
  | 'first'
  /** After a comma: a name. */
  | 'next'
  | 'name'
  | 'colon'
  /** Before a value. */
  | 'value'
  /** Within a number, a truth or null. */
  | 'word'
  /** Within a text, or within brackets. */
  | 'text'
  | 'brackets'
  /** Within the list that is looked for. */
  | 'elements'
  | 'after'
  | 'end';

/** What is not whole yet may be so long. */
const longest = 4_194_304;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** All of them ASCII: in UTF-8 no part of another character looks so. */
const matters = new Uint8Array(256);
for (const byte of [quote, comma, openList, closeList, openObject, closeObject]) matters[byte] = 1;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Looks in the bytes for where elements end, and leaves what they say to `JSON.parse`: as many together as one piece
 * makes whole, for that is faster than one by one.
 */
export class ElementReader {
  readonly #field: string;
  #state: State = 'start';
  /** The value that comes is the list that is looked for. */
  #isWanted = false;
  #hasElements = false;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  /** What is not whole yet, of pieces before. */
  #kept: Buffer[] = [];
  #keptLength = 0;

  constructor(field: string) {
    this.#field = field;
  }

  /** The elements that are whole with this piece. */
  read(piece: Uint8Array): unknown[] {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const found: unknown[] = [];
    for (let at = 0; at < bytes.length; ) {
      switch (this.#state) {
        case 'elements':
          at = this.#elements(bytes, at, found);
          break;
        case 'brackets':
          at = this.#brackets(bytes, at);
          break;
        case 'text':
          at = this.#textEnd(bytes, at);
          if (!this.#isInText) this.#state = 'after';
          break;
        case 'name':
          at = this.#name(bytes, at);
          break;
        case 'word':
          at = this.#word(bytes, at);
          break;
        default:
          at = this.#mark(bytes, at);
      }
    }
    return found;
  }

  end(): void {
    if (this.#state !== 'end') throw new MalformedJson('cut off');
  }

  /** What stands between values: one byte. */
  #mark(bytes: Buffer, at: number): number {
    const byte = bytes[at]!;
    if (isSpace(byte)) return at + 1;
    switch (this.#state) {
      case 'start':
        return this.#go(byte === openObject && 'first', at + 1);
      case 'first':
        if (byte === closeObject) return this.#go('end', at + 1);
        return this.#text(byte === quote && 'name', at + 1);
      case 'next':
        return this.#text(byte === quote && 'name', at + 1);
      case 'colon':
        return this.#go(byte === colon && 'value', at + 1);
      case 'after':
        return this.#go(byte === comma ? 'next' : byte === closeObject && 'end', at + 1);
      case 'value':
        if (byte === openList) return this.#go(this.#isWanted ? 'elements' : 'brackets', at + 1);
        if (byte === openObject && !this.#isWanted) return this.#go('brackets', at + 1);
        if (byte === quote && !this.#isWanted) return this.#text('text', at + 1);
        return this.#go('word', at);
      default:
        throw new MalformedJson('more than an object');
    }
  }

  #go(to: State | false, at: number): number {
    if (to === false) throw new MalformedJson(`something else at the ${this.#state}`);
    this.#state = to;
    return at;
  }

  #text(to: 'name' | 'text' | false, at: number): number {
    this.#isInText = true;
    return this.#go(to, at);
  }

  #name(bytes: Buffer, at: number): number {
    const end = this.#textEnd(bytes, at);
    if (this.#isInText) return this.#keep(bytes, at, end);
    const [name] = parsed(`"${this.#whole(bytes, at, end)}`);
    this.#isWanted = name === this.#field;
    return this.#go('colon', end);
  }

  #word(bytes: Buffer, at: number): number {
    let end = at;
    while (end < bytes.length && !matters[bytes[end]!] && !isSpace(bytes[end]!)) end++;
    if (end === bytes.length) return this.#keep(bytes, at, end);
    const [word] = parsed(this.#whole(bytes, at, end));
    if (this.#isWanted && word !== null) throw new MalformedJson('no list');
    return this.#go('after', end);
  }

  #brackets(bytes: Buffer, at: number): number {
    const end = this.#boundary(bytes, at);
    if (end < bytes.length && bytes[end] !== comma) this.#state = 'after';
    return end + 1;
  }

  #elements(bytes: Buffer, at: number, found: unknown[]): number {
    let last = -1;
    for (let next = at; ; next = last + 1) {
      const end = this.#boundary(bytes, next);
      if (end < bytes.length && bytes[end] === comma) {
        last = end;
        continue;
      }
      if (end === bytes.length) {
        if (last >= 0) this.#add(this.#whole(bytes, at, last), found);
        return this.#keep(bytes, last < 0 ? at : last + 1, end);
      }
      if (bytes[end] !== closeList) throw new MalformedJson('a list that ends as an object');
      const text = this.#whole(bytes, at, end);
      if (this.#hasElements || last >= 0 || text.trim() !== '') this.#add(text, found);
      return this.#go('after', end + 1);
    }
  }

  #add(text: string, found: unknown[]): void {
    for (const element of parsed(text)) found.push(element);
    this.#hasElements = true;
  }

  /** Where the comma or closing bracket stands that is of no value within; the length where there is none yet. */
  #boundary(bytes: Buffer, from: number): number {
    let depth = this.#depth;
    let at = this.#isInText ? this.#textEnd(bytes, from) : from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (matters[byte] === 0) continue;
      if (byte === quote) at = this.#textEnd(bytes, at + 1) - 1;
      else if (byte === openObject || byte === openList) depth++;
      else if (depth === 0) break;
      else if (byte !== comma) depth--;
    }
    this.#depth = depth;
    return at;
  }

  /** Behind the text that `at` is in; the length where it goes on. */
  #textEnd(bytes: Buffer, from: number): number {
    let at = this.#isEscaped ? from + 1 : from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        this.#isInText = false;
        this.#isEscaped = false;
        return at + 1;
      }
      if (byte === backslash) at++;
    }
    this.#isInText = true;
    this.#isEscaped = at > bytes.length;
    return bytes.length;
  }

  #keep(bytes: Buffer, from: number, to: number): number {
    this.#keptLength += to - from;
    if (this.#keptLength > longest) throw new MalformedJson('a value without end');
    this.#kept.push(bytes.subarray(from, to));
    return to;
  }

  #whole(bytes: Buffer, from: number, to: number): string {
    if (this.#kept.length === 0) return bytes.toString('utf8', from, to);
    const text = Buffer.concat([...this.#kept, bytes.subarray(from, to)]).toString('utf8');
    this.#kept = [];
    this.#keptLength = 0;
    return text;
  }
}

/** One value, or several with commas between them. */
function parsed(values: string): unknown[] {
  let found: unknown[];
  try {
    found = JSON.parse(`[${values}]`) as unknown[];
  } catch {
    // The error's own text shows a piece of it.
    throw new MalformedJson('no JSON');
  }
  if (found.length === 0) throw new MalformedJson('nothing where a value was expected');
  return found;
}
