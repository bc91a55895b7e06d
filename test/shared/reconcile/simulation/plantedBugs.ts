/**
 * The twelve deliberate bugs of ENGINE.md: each a change to the engine's text. The simulation must catch every one;
 * where a text no longer stands in its file, the list is out of date and the test says so.
 */
export interface PlantedBug {
  name: string;
  file: string;
  edits: { from: string; to: string }[];
  /** The first schedule to run, where a bug shows late in those from 1 on. */
  schedulesFrom?: number;
}

export const plantedBugs: PlantedBug[] = [
  {
    name: 'no fence',
    file: 'held.ts',
    edits: [
      {
        from: 'await this.#parts.table.put(itemOf(this.#parts.area, next), { rev: this.row.rev });',
        to: 'await this.#parts.table.put(itemOf(this.#parts.area, next));',
      },
    ],
  },
  {
    name: 'one token per worker',
    file: 'held.ts',
    edits: [{ from: 'const token = tokenFor(this.#parts, this.row);', to: 'const token = this.#owner;' }],
  },
  {
    name: 'no look at owner after a re-read',
    file: 'held.ts',
    edits: [{ from: ' || found.owner !== this.#owner', to: '' }],
  },
  {
    name: 'no re-read',
    file: 'held.ts',
    edits: [
      {
        from: 'if (!(error instanceof StoreUnanswered)) throw error;\n    }\n    return this.#look(token);',
        to: "if (!(error instanceof StoreUnanswered)) throw error;\n      this.row = next;\n      return 'written';\n    }\n    return this.#look(token);",
      },
    ],
  },
  {
    name: 'event written apart',
    file: 'held.ts',
    edits: [
      { from: 'if (entriesFor) next.outbox = entriesFor(next, token);', to: 'next.outbox = [];' },
      {
        from: '        this.row = next;\n        this.#renewAt = now + renewEvery;',
        to: '        if (entriesFor) await copyOutbox(this.#parts, next.id, entriesFor(next, token));\n        this.row = next;\n        this.#renewAt = now + renewEvery;',
      },
      {
        from: "import { leaseFor, renewEvery } from './limits.ts';",
        to: "import { leaseFor, renewEvery } from './limits.ts';\nimport { copyOutbox } from './entries.ts';",
      },
    ],
  },
  {
    name: 'rounds that commit',
    file: 'round.ts',
    edits: [
      {
        from: 'for (const row of differing) isAnyDue = (await wake(parts, row)) || isAnyDue;',
        to: `for (const row of differing) {
    const plan = parts.area.decide(viewOf(row), await parts.area.observe(viewOf(row), {} as WorkContext), [], {
      now,
      random: 0,
      isNew: false,
    });
    const next = { ...row, data: plan.data, rev: row.rev + 1, last: \`\${row.last}r\`, dueAt: now };
    if ((await parts.table.put(itemOf(parts.area, next), { rev: row.rev })) === 'written') isAnyDue = true;
  }`,
      },
      { from: 'isAtRest, isUnreadable,', to: 'isAtRest, isUnreadable, itemOf,' },
    ],
  },
  {
    name: 'trimming by position',
    file: 'held.ts',
    edits: [
      {
        from: "    if (generation !== this.generation) return 'changed';\n    const { entries",
        to: "    if (generation !== this.generation && change.outbox?.length !== 0) return 'changed';\n    const { entries",
      },
    ],
  },
  {
    name: '`dueAt` cleared before the outbox is empty',
    file: 'step.ts',
    edits: [
      {
        from: 'commit.entries !== undefined || commit.secret',
        to: "(commit.entries !== undefined && next.kind !== 'rest') || commit.secret",
      },
    ],
  },
  {
    name: 'back-off that counts as leased',
    file: 'row.ts',
    edits: [{ from: 'row.owner !== undefined && row.dueAt !== undefined', to: 'row.dueAt !== undefined' }],
  },
  {
    name: 'reservation checked by a read',
    file: 'names.ts',
    schedulesFrom: 1_101,
    edits: [
      {
        from: "  if ((await table.put(reservation(clock.now()), 'absent')) === 'written') return 'mine';\n  const found",
        to: "  if (!(await readReservation(table, kind, name))) {\n    await table.put(reservation(clock.now()));\n    return 'mine';\n  }\n  const found",
      },
      {
        from: "    { id, dead: undefined },\n  );\n  return written === 'written';",
        to: "    { dead: undefined },\n  );\n  return written === 'written';",
      },
    ],
  },
  {
    name: 'SET that revives a row',
    file: 'wake.ts',
    edits: [{ from: '    { rev: row.rev, dueAt: row.dueAt },\n', to: '' }],
  },
  {
    name: 'server written before its slot',
    file: 'write.ts',
    edits: [
      {
        from: 'if (wish.secret && !(await putSecret(table, row.rev, next, wish.secret))) continue;',
        to: "if (wish.secret) next.data = wish.secret.into(next.data, 's' + row.rev + '_' + token);",
      },
      {
        from: '    if (!isLeased(row, now)) await handOver(parts, row.id);\n    return',
        to: "    if (wish.secret) await addSlot(table, row.id, 's' + row.rev + '_' + token, wish.secret.value);\n    if (!isLeased(row, now)) await handOver(parts, row.id);\n    return",
      },
      { from: "import { putSecret } from './slots.ts';", to: "import { addSlot } from './slots.ts';" },
    ],
  },
];
