import { readFile, stat } from 'node:fs/promises';

interface Kept {
  print: string;
  text: string;
}

/** More is no secret: a path that leads to something else is not read into memory. */
const largest = 64 * 1024;

/**
 * Secrets in files, read again when they change. Kubernetes changes a mounted Secret by leading its links to another
 * folder: then it is another file, whatever its time says.
 */
export class FileSecrets {
  readonly #kept = new Map<string, Kept>();

  /** Without the line end that editors and `kubectl create secret --from-file` leave. Throws Node's errors. */
  async read(path: string): Promise<string> {
    const { ino, mtimeMs, ctimeMs, size } = await stat(path);
    if (size > largest) throw Object.assign(new Error(), { code: 'EFBIG' });
    const print = [ino, mtimeMs, ctimeMs, size].join();
    const kept = this.#kept.get(path);
    if (kept?.print === print) return kept.text;
    const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    this.#kept.set(path, { print, text });
    return text;
  }
}
