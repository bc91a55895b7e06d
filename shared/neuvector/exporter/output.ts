/** Text as bytes, into room that was measured before: pieces that are put together at the end would take it twice. */
export class Output {
  readonly #bytes: Buffer;
  #used = 0;

  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafeSlow(room);
  }

  text(text: string): void {
    this.#used += this.#bytes.write(text, this.#used);
  }

  /** `copy` answers how many bytes it wrote. */
  bytes(copy: (to: Buffer, at: number) => number): void {
    this.#used += copy(this.#bytes, this.#used);
  }

  get whole(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }
}
