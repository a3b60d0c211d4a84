import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseTooBig } from '../../infra/template-size.ts';

/** The assembly of one stack whose template has a runbook of so many bytes. */
function anAssembly(bytes: number) {
  const templateFullPath = join(mkdtempSync(join(tmpdir(), 'template-')), 'handsoff.template.json');
  const Resources = { Small: {}, RunbooksLongMachine: { Properties: { DefinitionString: 'x'.repeat(bytes) } } };
  writeFileSync(templateFullPath, JSON.stringify({ Resources }));
  return { stacks: [{ stackName: 'handsoff', templateFullPath }] as never };
}

describe('the size of a template', () => {
  it('is no matter up to what CloudFormation takes', () => {
    expect(() => refuseTooBig(anAssembly(999_000))).not.toThrow();
  });

  it('above that fails the synthesis, naming the stack, what is biggest, and what to do', () => {
    expect(() => refuseTooBig(anAssembly(1_000_000))).toThrow(
      /^The template of the stack handsoff has 1000\d{3} bytes, .* Take runbooks out .*: RunbooksLongMachine \(1000\d{3}\), Small \(2\)\.$/,
    );
  });
});
