import { DroverError, type Values } from '#errors';
import type { Evidence } from './validation.ts';

/** A code of one of the catalogues with what its sentences are filled with: a finding, or an error that was met. */
export interface Told {
  readonly code: string;
  readonly values: Values;
}

/** What came of one rung. */
export interface Judged {
  /** Why the climb ends here. */
  readonly failure?: Told | undefined;
  readonly warnings?: readonly Told[];
  readonly evidence?: Evidence;
}

/** What a call brought, or the error that it met. */
export type Tried<T> = { readonly value: T } | { readonly fault: DroverError };

export async function tried<T>(call: Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await call };
  } catch (error) {
    if (error instanceof DroverError) return { fault: error };
    throw error;
  }
}
