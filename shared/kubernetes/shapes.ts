import type { KubeAnswer } from './access.ts';
import { notKubernetes } from './notKubernetes.ts';

type Shape = Record<string, unknown>;

const isRecord = (given: unknown): given is Shape =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/** The body as an object; what is none comes from no API server. */
export function record(answer: KubeAnswer): Shape {
  const body = answer.json();
  if (!isRecord(body)) throw notKubernetes(answer);
  return body;
}

/** Lists that are empty may be null. */
export function recordsIn(body: Shape, name: string, answer: KubeAnswer): Shape[] {
  const list = body[name] ?? [];
  if (!Array.isArray(list) || !list.every(isRecord)) throw notKubernetes(answer);
  return list;
}

export const recordIn = (body: Shape, name: string): Shape => {
  const found = body[name];
  return isRecord(found) ? found : {};
};

export const textIn = (body: Shape, name: string): string | undefined => {
  const found = body[name];
  return typeof found === 'string' ? found : undefined;
};

export const textsIn = (body: Shape, name: string): string[] => {
  const found = body[name];
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
};
