import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { collectEvidence, evidenceOfAccount } from '../../../cli/promotion/evidence.ts';
import { showEvidence } from '../../../cli/promotion/show-evidence.ts';
import type { TrackRecord } from '../../../functions/domain/track-record.ts';

const manifest = {
  id: 'restart',
  mutations: [{ action: 'ec2:StopInstances', resource: 'ec2:instance/*' }],
} as const;

function aRecord(wishes: Partial<TrackRecord> = {}): TrackRecord {
  return {
    incident_id: 'inc-1',
    runbook: 'restart',
    mode: 'observe',
    resource: { type: 'AWS::EC2::Instance', id: 'i-1' },
    ending: 'proposed',
    action: 'What it would have done: restart.',
    opened_at: '2026-11-02T03:00:00.000Z',
    ended_at: '2026-11-02T04:00:00.000Z',
    ...wishes,
  };
}

async function evidenceOf(records: readonly TrackRecord[], changed: readonly string[]) {
  const windows: unknown[] = [];
  const changes = {
    between: async ({ id }: { readonly id: string }, from: Date, to: Date) => {
      windows.push([id, from.toISOString(), to.toISOString()]);
      return { made: changed.map((event_name) => ({ event_name, by: 'kim', at: to.toISOString() })), refused: [] };
    },
  };
  return { windows, evidence: await collectEvidence(manifest, { of: async () => records }, changes) };
}

describe('the evidence for a promotion', () => {
  it('sets what the runbook would have done beside what people did to the resource while it lasted', async () => {
    const { windows, evidence } = await evidenceOf([aRecord()], ['StopInstances']);
    expect(windows).toEqual([['i-1', '2026-11-02T03:00:00.000Z', '2026-11-02T04:00:00.000Z']]);
    expect(evidence).toMatchObject([{ agreement: 'same', people_did: [{ event_name: 'StopInstances' }] }]);
    expect(showEvidence('restart', evidence).join('\n')).toContain(
      'people did the same 1, something else 0, nothing 0',
    );
  });

  it('counts also what nobody can compare, so that the sum is whole', () => {
    const unknown = { ...aRecord(), people_did: undefined, agreement: undefined };
    expect(showEvidence('restart', [unknown]).join('\n')).toContain(
      'Observed 1: people did the same 0, something else 0, nothing 0, what they did is not known 1.',
    );
  });

  it('does not say that people did nothing where CloudTrail would not know', async () => {
    const recorded_elsewhere = 'CloudTrail shows what is done to it in us-east-1 alone';
    const { windows, evidence } = await evidenceOf([aRecord({ recorded_elsewhere })], []);
    expect({ windows, agreement: evidence[0]?.agreement }).toEqual({ windows: [], agreement: undefined });
    const text = showEvidence('restart', evidence).join('\n');
    expect(text).toContain(`not known: ${recorded_elsewhere}`);
    expect(text).toContain('nothing 0, what they did is not known 1.');
  });

  it('shows what people did otherwise', async () => {
    const { evidence } = await evidenceOf([aRecord()], ['ModifyInstanceAttribute']);
    const text = showEvidence('restart', evidence).join('\n');
    expect(text).toContain('different');
    expect(text).toContain('ModifyInstanceAttribute by kim');
  });

  it('counts recoveries where it repaired, which agree with nobody', async () => {
    const { evidence } = await evidenceOf(
      [aRecord({ ending: 'recovered', mode: 'approve', answered_by: 'slack:U1' })],
      [],
    );
    expect(evidence[0]?.agreement).toBeUndefined();
    expect(showEvidence('restart', evidence).join('\n')).toContain('Repaired 1: recovered 1.');
  });

  it('does not hold against it what a guard refused or nobody agreed to', () => {
    const endings = ['recovered', 'unproven', 'refused', 'awaiting-approval', 'refused'] as const;
    const evidence = endings.map((ending) => ({ ...aRecord({ ending }), people_did: [], agreement: undefined }));
    const text = showEvidence('restart', evidence).join('\n');
    expect(text).toContain('Repaired 2: recovered 1.');
    expect(text).toContain('Not repaired 3: a guard refused, or nobody agreed.');
  });

  it('says that there is none', () => {
    expect(showEvidence('restart', [])).toEqual([
      'No incident of the last 90 days had restart change or propose anything.',
    ]);
  });
});

it('names a table that is not there', async () => {
  const aws = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"not found"}');
  });
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(aws.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  await expect(evidenceOfAccount(manifest, 'elsewhere')).rejects.toThrow(
    '--table elsewhere is no table of this account and Region; name one that is, or none.',
  );
  vi.unstubAllEnvs();
  aws.close();
});
