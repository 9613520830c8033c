import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What V8 tells of freed code while WebAssembly works (Node's own, which takes types away), after `first` has run. */
function freedAfter(first: string): string {
  const program = `
    import { stripTypeScriptTypes } from 'node:module';
    import { writeSync } from 'node:fs';
    import { keepWasmCode } from ${JSON.stringify(new URL('../core/web-assembly.ts', import.meta.url).href)};
    ${first}
    writeSync(1, 'from here on');
    for (let round = 0; round < 40; round++) stripTypeScriptTypes('const a: number = 1; type B = string;'.repeat(200));`;
  const flags = ['--no-warnings', '--stress-wasm-code-gc', '--trace-wasm-code-gc', '--input-type=module'];
  const told = execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' });
  return told.slice(told.indexOf('from here on'));
}

test('compiled WebAssembly is left where it is, as threads may still call it', () => {
  expect(freedAfter('')).toContain('wasm-gc');
  expect(freedAfter('keepWasmCode();')).not.toContain('wasm-gc');
});
