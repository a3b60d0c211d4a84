import { describe, expect, inject, it } from 'vitest';
import { environmentsOf, loadMs } from '../../bench/bundles.ts';
import { testAssembly } from '../support/stage.ts';

describe('loadMs', () => {
  it('loads every function with what the stack sets for it', async () => {
    const environments = await environmentsOf(testAssembly);
    for (const { name, directory } of inject('bundles'))
      expect(loadMs(directory, environments.get(name) ?? {})).toBeGreaterThan(0);
  }, 120_000);

  it('throws for a function of whose environment something is missing', () => {
    const guard = inject('bundles').find(({ name }) => name === 'guard-remediation');
    expect(() => loadMs(guard?.directory ?? '', {})).toThrow('is not set');
  });
});
