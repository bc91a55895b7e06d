import { describe, expect, it } from 'vitest';
import { Allowances } from './allowances.ts';

const document = (onPurpose: string, varying = '') => `# Title

## Different on purpose

| Cases | Field | Why |
| ----- | ----- | --- |
${onPurpose}

## Not the same from run to run on a real one

| Cases | Field | Why |
| ----- | ----- | --- |
${varying}

## Unproven
`;

const differing = (field: string) => [{ field, request: 'GET /', real: 1, simulated: 2 }];

describe('what DIFFERENCES.md allows', () => {
  it('is what a line names, by case and field', () => {
    const allowances = new Allowances(document('| a case | `0.body.*` | so it is |'));
    expect(allowances.unexplained('a case', differing('0.body.a.b'))).toEqual([]);
    expect(allowances.unexplained('a case', differing('1.body.a'))).toHaveLength(1);
    expect(allowances.unexplained('another case', differing('0.body.a'))).toHaveLength(1);
  });

  it('takes a field as it is written, but for the star', () => {
    const allowances = new Allowances(document('| * | `0.body.k:{"a":"b"}` | so it is |'));
    expect(allowances.unexplained('any', differing('0.body.k:{"a":"b"}'))).toEqual([]);
    expect(allowances.unexplained('any', differing('0xbody.k:{"a":"b"}'))).toHaveLength(1);
  });

  it('is told of where nothing needed it', () => {
    const allowances = new Allowances(document('| a | * | one |\n| b | * | two |'));
    allowances.unexplained('a', differing('0'));
    expect(allowances.unneeded.map(({ cases }) => cases)).toEqual(['b']);
  });

  it('does not have to be needed where a real one itself is not steady', () => {
    const allowances = new Allowances(document('', '| a | `0.x` | chance |'));
    expect(allowances.unstable('a', differing('0.x'))).toEqual([]);
    expect(allowances.unexplained('a', differing('0.x'))).toEqual([]);
    expect(allowances.unneeded).toEqual([]);
  });

  it('has a reason', () => {
    expect(() => new Allowances(document('| a | * | |'))).toThrow('no reason');
  });
});
