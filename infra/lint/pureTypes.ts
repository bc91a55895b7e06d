import { execFile } from 'node:child_process';
import { join } from 'node:path';

/**
 * Compiles the pure files with the language alone for a library, and answers what is wrong in them. What they
 * import types from (ports, a store) is compiled along with them and rightly does not compile so: that is left out.
 */
export async function pureTypeErrors(root: string, pure: ReadonlySet<string>): Promise<string[]> {
  if (pure.size === 0) return [];
  const output = await compile(root);
  return output.split('\n').filter((line) => {
    const file = /^(\S+?)\(\d+,\d+\): error/.exec(line)?.[1];
    // A fault without a place is one of the configuration itself.
    return file === undefined ? line.startsWith('error') : pure.has(file);
  });
}

function compile(root: string): Promise<string> {
  const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  const given = [compiler, '-p', 'tsconfig.pure.json', '--pretty', 'false'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, given, { cwd: root, maxBuffer: 16 << 20 }, (error, stdout) => {
      // The compiler answers 1 or 2 where it found errors; anything else is its own failure.
      if (error && error.code !== 1 && error.code !== 2) reject(error);
      else resolve(stdout);
    });
  });
}
