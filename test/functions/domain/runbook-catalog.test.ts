import { describe, expect, it } from 'vitest';
import { leaseSecondsOf, permittedRemediation } from '../../../functions/domain/permitted-remediation.ts';
import { type CatalogEntry, parseCatalogEntry } from '../../../functions/domain/runbook-catalog.ts';
import { aCatalogEntry } from '../../support/a-catalog-entry.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

const share = { of: 'auto-scaling-group', percent: 20 } as const;
const arn = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d';
const resource = { arn, type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d' };

/** An entry of the catalog as somebody may have edited it in Parameter Store. */
function edited(change: Partial<Record<keyof CatalogEntry, unknown>>): string {
  return JSON.stringify({ ...aCatalogEntry(), ...change });
}

describe('a parameter of the catalog', () => {
  it.each([
    ['proves its recovery', {}],
    ['contains and cures nothing', { contains: 'It is cut off.', verify: null }],
    ['takes a share of its group', { share }],
    ['takes one member, or all', { share: { ...share, percent: 1 } }],
    ['takes all members', { share: { ...share, percent: 100 } }],
    ['needs no parameter', { parameters: {} }],
  ])('is read where its runbook %s', (_name, change) => {
    expect(parseCatalogEntry(edited(change))).toEqual({ ...aCatalogEntry(), ...change });
  });

  it.each<[string, string]>([
    ['is no JSON', '{'],
    ['is null', 'null'],
    ['is a text', '"restart"'],
    ...(['id', 'title', 'mode', 'document', 'automation_role_arn'] as const).map((name): [string, string] => [
      `has no ${name}`,
      edited({ [name]: undefined }),
    ]),
    ...(['timeout_seconds', 'budget_per_hour', 'target_limit', 'breaker'] as const).map((name): [string, string] => [
      `has a text for ${name}`,
      edited({ [name]: '1000' }),
    ]),
    ['has no parameters', edited({ parameters: null })],
    ['has a text for its parameters', edited({ parameters: 'resource.id' })],
    ['has a parameter without a pattern', edited({ parameters: { InstanceId: { from: 'resource.id' } } })],
    ['has a parameter from nowhere', edited({ parameters: { InstanceId: { pattern: '.*' } } })],
    ['has a parameter that is nothing', edited({ parameters: { InstanceId: null } })],
    [
      'has one good parameter and one without a pattern',
      edited({ parameters: { ...aCatalogEntry().parameters, Other: { from: 'resource.id' } } }),
    ],
    ['says nothing of a share', edited({ share: undefined })],
    ['has a number for a share', edited({ share: 100 })],
    ['has a share of no kind of group', edited({ share: { ...share, of: 'account' } })],
    ['has a share of a group that it does not name', edited({ share: { percent: 20 } })],
    ['has a share of nothing', edited({ share: { ...share, percent: 0 } })],
    ['has a share of more than all', edited({ share: { ...share, percent: 101 } })],
    ['has a text for its share', edited({ share: { ...share, percent: '20' } })],
    ['neither proves nor contains', edited({ verify: null })],
    ['says nothing of either', edited({ verify: null, contains: undefined })],
    ['both proves and contains', edited({ contains: 'It is cut off.' })],
    ['has a number for its proof', edited({ verify: 600 })],
  ])('permits nothing where it %s', (_name, text) => {
    expect(parseCatalogEntry(text)).toBeUndefined();
  });
});

describe('what a runbook may do', () => {
  const permitted = (of: Partial<typeof resource>, entry = aCatalogEntry()) =>
    permittedRemediation(anIncident({ alert: anAlert({ resource: { ...resource, ...of } }) }), entry, 'c-1');

  it('is what its own alert says, and where it has no undo, nothing is taken back', () => {
    expect(permitted({})).toMatchObject({
      target: arn,
      parameters: { InstanceId: ['i-0a1b2c3d'] },
      undo_when: 'always',
      undone: 'What it had changed was taken back.',
      approval: { approvers: [], expires_seconds: 1 },
      text: 'AWS-RestartEC2Instance with InstanceId=i-0a1b2c3d.',
    });
    const asked = { approvers: ['U1'], expires_seconds: 900 };
    const entry = aCatalogEntry({ undo_when: 'unfinished', undone: 'It is as before.', approval: asked });
    expect(permitted({}, entry)).toMatchObject({
      undo_when: 'unfinished',
      undone: 'It is as before.',
      approval: asked,
    });
  });

  it('is nothing where the alert names no resource, or not all that is to be given', () => {
    const { arn: _, ...nameless } = resource;
    const of = (found: object) => anIncident({ alert: anAlert({ resource: found as typeof resource }) });
    expect(permittedRemediation(of(nameless), aCatalogEntry(), 'c-1')).toBeUndefined();
    expect(permitted({ id: 'i-0; rm -rf /' })).toBeUndefined();
  });

  it('keeps its target as long as repair, undo and proof can take, and half an hour', () => {
    expect(leaseSecondsOf(aCatalogEntry())).toBe(2 * 900 + 600 + 120 + 1800);
    expect(leaseSecondsOf(aCatalogEntry({ verify: null, contains: 'It is cut off.' }))).toBe(2 * 900 + 1800);
  });
});
