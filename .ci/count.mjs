// `node count.mjs <failed before> <vitest results…>`: one closing line over all runs, and the exit code.
import { readFileSync } from 'node:fs';

const [failedBefore, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let isBad = failedBefore !== '0';
for (const file of files) {
  try {
    const { numPassedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    passed += numPassedTests;
    for (const { name, status, assertionResults } of testResults) {
      const bad = assertionResults.filter((test) => test.status !== 'passed');
      // A file that could not be loaded has no tests to name.
      if (status === 'failed' && bad.length === 0) {
        console.log(`failed: ${name}`);
        failed += 1;
      }
      for (const test of bad) console.log(`${test.status}: ${name}: ${test.fullName}`);
      failed += bad.length;
      // What passed and yet has a failure to tell of was tried twice. It costs no run, and is to be mended.
      const shaky = assertionResults.filter(
        (test) => test.status === 'passed' && test.failureMessages.length > 0,
      );
      for (const test of shaky) {
        console.log(
          `passed at its second try: ${name}: ${test.fullName}: ${test.failureMessages[0].split('\n')[0]}`,
        );
      }
    }
  } catch (error) {
    console.log(`no results: ${error.message}`);
    isBad = true;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = isBad || failed > 0 || passed === 0 ? 1 : 0;
