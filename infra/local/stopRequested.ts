import { readFileSync } from 'node:fs';

/** npm passes Ctrl-C on to us, who have had it from the terminal: that is one Ctrl-C, not two. */
const echo = 300;

/**
 * Aborted by Ctrl-C or SIGTERM. A second Ctrl-C does not wait for anything: what is not finished is taken over at
 * the next start, as after any crash.
 */
export function stopRequested(environment: NodeJS.ProcessEnv): AbortSignal {
  const controller = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const stop = () => {
    if (Date.now() - first > echo) process.exit(130);
    first = Math.min(first, Date.now());
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  if (environment.npm_lifecycle_event !== undefined) stopWithParent(() => controller.abort());
  return controller.signal;
}

/** npm may be killed and cannot pass that on. Nothing tells an orphan, but the numbers of those above it change. */
function stopWithParent(stop: () => void): void {
  const above = parents();
  setInterval(() => {
    if (parents() !== above) stop();
  }, 500).unref();
}

/** The parent and, where the system shows it, its parent: between npm and us there may be a shell that stays. */
function parents(): string {
  const parent = process.ppid;
  try {
    // pid (name) state ppid …, of which the name may hold anything.
    const [, grandparent] = readFileSync(`/proc/${parent}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return `${parent} ${grandparent}`;
  } catch {
    return String(parent);
  }
}
