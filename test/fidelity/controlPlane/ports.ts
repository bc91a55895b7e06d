import { whyTaken } from '../../../infra/local/whyTaken.ts';

/** Ports of 127.0.0.1 that nobody listens on, below those that the system gives to connections that go out. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (!(await whyTaken(port))) found.add(port);
  }
  return [...found];
}
