import { MemoryTable, StoreUnanswered } from '#store';

/** A store that, while told to, leaves some calls unanswered: reads, and writes that happened or did not. */
export class FailingTable extends MemoryTable {
  /** For each call: is it carried out, is it answered? Undefined: both. */
  fate: (() => 'answered' | 'lost' | 'answer lost') | undefined;

  override get(...call: Parameters<MemoryTable['get']>) {
    return this.#fated('a read', () => super.get(...call));
  }
  override getMany(...call: Parameters<MemoryTable['getMany']>) {
    return this.#fated('a read of many', () => super.getMany(...call));
  }
  override put(...call: Parameters<MemoryTable['put']>) {
    return this.#fated('a put', () => super.put(...call));
  }
  override update(...call: Parameters<MemoryTable['update']>) {
    return this.#fated('an update', () => super.update(...call));
  }
  override delete(...call: Parameters<MemoryTable['delete']>) {
    return this.#fated('a delete', () => super.delete(...call));
  }
  override add(...call: Parameters<MemoryTable['add']>) {
    return this.#fated('an addition', () => super.add(...call));
  }
  override query(...call: Parameters<MemoryTable['query']>) {
    return this.#fated('a query', () => super.query(...call));
  }

  async #fated<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const fate = this.fate?.() ?? 'answered';
    if (fate === 'lost') throw new StoreUnanswered(operation);
    const answer = await call();
    if (fate === 'answer lost') throw new StoreUnanswered(operation);
    return answer;
  }
}
