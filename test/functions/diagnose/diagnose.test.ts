import { describe, expect, it } from 'vitest';
import { diagnose, type DiagnosePorts, type DiagnoseRequest } from '../../../functions/diagnose/diagnose.ts';
import type { Diagnostic } from '../../../functions/diagnose/diagnostic.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');
const calm: Diagnostic = async () => ({ verdict: 'healthy', summary: 'All is well.' });
const echo: Diagnostic = async (_alert, _now, options) => ({
  verdict: 'unknown',
  summary: 'This was said.',
  evidence: options,
});
const broken: Diagnostic = async () => {
  throw Object.assign(new Error('busy'), { name: 'ThrottlingException' });
};

/** What is found by these entries of a definition's list, and what is recorded of it. */
async function findingsOf(diagnostics: DiagnoseRequest['diagnostics'], findings: DiagnoseRequest['findings'] = []) {
  const recorded: unknown[] = [];
  const incidents: DiagnosePorts['incidents'] = {
    record: async (id, change) => {
      recorded.push(id, await change({} as never));
      return 'recorded';
    },
  };
  const request = { incident_id: 'inc-1', runbook: 'checkout', alert: anAlert(), diagnostics, findings };
  const found = await diagnose(request, { incidents, diagnostics: { calm, echo, broken } }, now);
  return { ...found, recorded };
}

describe('diagnose', () => {
  it('tells a diagnostic what the definition says beside its name, and nothing where it says a name alone', async () => {
    const { findings } = await findingsOf(['echo', { name: 'echo', hours: 2, query: 'fields @message' }]);
    expect(findings.map(({ diagnostic, evidence }) => [diagnostic, evidence])).toEqual([
      ['echo', {}],
      ['echo', { hours: 2, query: 'fields @message' }],
    ]);
  });

  it('makes a finding of a diagnostic that fails, and of one that is not there, and goes on', async () => {
    const { findings } = await findingsOf(['broken', 'toString', { name: 'guess' }, 'calm']);
    expect(findings).toEqual([
      {
        diagnostic: 'broken',
        verdict: 'failed',
        summary: 'broken could not be looked at (ThrottlingException: busy).',
      },
      { diagnostic: 'toString', verdict: 'failed', summary: 'There is no diagnostic called toString.' },
      { diagnostic: 'guess', verdict: 'failed', summary: 'There is no diagnostic called guess.' },
      { diagnostic: 'calm', verdict: 'healthy', summary: 'All is well.' },
    ]);
  });

  it("records the findings, the runbook's own among them, as one entry", async () => {
    const own = { diagnostic: 'own', verdict: 'unhealthy' as const, summary: 'It hangs.' };
    const { findings, recorded } = await findingsOf(['calm'], [own]);
    expect(recorded).toEqual([
      'inc-1',
      {
        entry: {
          id: 'diagnosed',
          kind: 'diagnosed',
          by: 'runbook:checkout',
          text: 'All is well. It hangs.',
          findings,
        },
        patch: {},
      },
    ]);
  });
});
