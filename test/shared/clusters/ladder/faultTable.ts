import type { Validation } from '../../../../shared/clusters/ladder/validation.ts';
import type { FaultCase } from './faults/making.ts';

/** What came of each fault, as docs/faults.md has it. */
export function faultTable(cases: readonly FaultCase[], climbed: ReadonlyMap<string, Validation>): string {
  const rows = cases.map(({ fault, outcome }) => {
    const validation = climbed.get(fault)!;
    const told = validation.steps.find((step) => step.outcome === outcome);
    return `| ${fault} | \`${told?.step}\` | \`${told?.code}\` | ${outcome} |`;
  });
  return `${head}\n${rows.join('\n')}\n`;
}

const head = `# What the ladder says of what is wrong

Written by \`test/shared/clusters/ladder/faults.test.ts\`, which brings each of these about and climbs:
\`npx vitest -u --project unit test/shared/clusters/ladder/faults.test.ts\` writes it anew. What each code means, and what
to do about it, stands in [codes.md](codes.md).

A rung that fails ends the climb; one that warns does not.

| What is wrong | Rung | Code | Outcome |
| --- | --- | --- | --- |`;
