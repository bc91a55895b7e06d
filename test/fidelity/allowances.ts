import { readFile } from 'node:fs/promises';
import type { Difference } from './play/compare.ts';

/** A line of DIFFERENCES.md. */
export interface Allowance {
  cases: string;
  field: string;
  why: string;
}

/** What may differ, as DIFFERENCES.md says. */
export class Allowances {
  readonly #onPurpose: readonly Allowance[];
  readonly #varying: readonly Allowance[];
  readonly #used = new Set<Allowance>();

  constructor(document: string, section = 'Different on purpose') {
    this.#onPurpose = tableUnder(section, document);
    this.#varying = tableUnder('Not the same from run to run on a real one', document);
  }

  static async read(section?: string): Promise<Allowances> {
    const document = new URL('../../infra/world/DIFFERENCES.md', import.meta.url);
    return new Allowances(await readFile(document, 'utf8'), section);
  }

  /** What no line explains between the real one and the simulation. */
  unexplained(title: string, differences: readonly Difference[]): Difference[] {
    return this.unstable(title, differences).filter((difference) => {
      const reasons = this.#onPurpose.filter((line) => allows(line, title, difference.field));
      for (const reason of reasons) this.#used.add(reason);
      return reasons.length === 0;
    });
  }

  /** What no line explains between two runs of the real one. */
  unstable(title: string, differences: readonly Difference[]): Difference[] {
    return differences.filter(({ field }) => !this.#varying.some((line) => allows(line, title, field)));
  }

  /** Lines that nothing needed, once all cases were compared. */
  get unneeded(): Allowance[] {
    return this.#onPurpose.filter((line) => !this.#used.has(line));
  }
}

const allows = ({ cases, field }: Allowance, title: string, place: string): boolean =>
  matches(cases, title) && matches(field, place);

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);

function tableUnder(heading: string, document: string): Allowance[] {
  const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`DIFFERENCES.md has no section called ${heading}`);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  // The first two are the head.
  return rows.slice(2).map((row) => {
    const [cases = '', field = '', why = ''] = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
    if (why === '') throw new Error(`A line of DIFFERENCES.md has no reason: ${row}`);
    return { cases, field, why };
  });
}
