export interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** As it stands there. */
  readonly line: string;
}

export interface ReadFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}

export interface ReadText {
  readonly samples: readonly ReadSample[];
  readonly families: readonly ReadFamily[];
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const number = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN)$/;

/** Prometheus' text format 0.0.4, read strictly: what is not exactly that is thrown. */
export function readExposition(text: string): ReadText {
  if (text === '') return { samples: [], families: [] };
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const samples: ReadSample[] = [];
  const families: ReadFamily[] = [];
  let head: { name: string; help: string } | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${metricName}) (.*)$`, 's').exec(line);
    if (comment) {
      const [, kind, name, rest] = comment as unknown as [string, 'HELP' | 'TYPE', string, string];
      if (kind === 'HELP') {
        if (head) throw new Error(`HELP of ${head.name} without TYPE`);
        head = { name, help: unescaped(rest, /[\\n]/) };
      } else {
        if (head?.name !== name) throw new Error(`TYPE of ${name} without HELP`);
        if (!/^(gauge|counter|summary|histogram|untyped)$/.test(rest)) throw new Error(`type ${rest}`);
        if (families.some((family) => family.name === name)) throw new Error(`${name} has two heads`);
        families.push({ ...head, type: rest });
        head = undefined;
      }
    } else if (head) throw new Error(`HELP of ${head.name} without TYPE`);
    else samples.push(readSample(line));
  }
  return { samples, families };
}

function readSample(line: string): ReadSample {
  const match = new RegExp(`^(${metricName})(?:\\{(.*)\\})? ([^ ]+)$`, 's').exec(line);
  if (!match || !number.test(match[3]!)) throw new Error(`no sample: ${line.slice(0, 200)}`);
  const value = match[3]!.replace(/Inf$/, 'Infinity');
  return { name: match[1]!, labels: readLabels(match[2] ?? ''), value: Number(value), line };
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(,|$)/sy;
  for (let at = 0; at < text.length; at = label.lastIndex) {
    label.lastIndex = at;
    const match = label.exec(text);
    if (!match) throw new Error(`no label: ${text.slice(at, at + 200)}`);
    if (match[1]! in labels) throw new Error(`label ${match[1]} twice`);
    labels[match[1]!] = unescaped(match[2]!, /[\\n"]/);
  }
  return labels;
}

function unescaped(text: string, known: RegExp): string {
  return text.replace(/\\(.?)/gs, (_, one: string) => {
    if (!known.test(one)) throw new Error(`\\${one} is no escape`);
    return one === 'n' ? '\n' : one;
  });
}

/** Those that come twice. */
export function repeatedSeries({ samples }: ReadText): string[] {
  const seen = new Set<string>();
  return samples
    .map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()]))
    .filter((series) => seen.size === seen.add(series).size);
}
