/** A data key, and the same wrapped by a key that never leaves its keeper. */
export interface NewDataKey {
  plain: Uint8Array;
  wrapped: Uint8Array;
  /** The name of the key that wrapped it. */
  by: string;
}

/**
 * Keeps the keys that wrap data keys: a file locally, KMS on AWS. `scope` is bound to what is wrapped, so that a
 * wrapped key that was moved to another scope does not open.
 */
export interface KeyKeeper {
  newDataKey(scope: string): Promise<NewDataKey>;
  unwrap(wrapped: Uint8Array, by: string, scope: string): Promise<Uint8Array>;
}
