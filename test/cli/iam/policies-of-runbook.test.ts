import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { policiesOfRunbook, type RunbookPolicies } from '../../../cli/iam/policies-of-runbook.ts';
import { showPolicies } from '../../../cli/iam/show-policies.ts';
import { listFunctions } from '../../../infra/list-functions.ts';
import { loadConfig } from '../../../infra/config/load-config.ts';
import { testAssembly } from '../../support/stage.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const { runbooks } = loadConfig(projectRoot);

function policiesOf(id: string): RunbookPolicies {
  const folder = runbooks.find(({ manifest }) => manifest.id === id);
  if (!folder) throw new Error(`There is no runbook ${id}.`);
  const ids = runbooks.map(({ manifest }) => manifest.id);
  return policiesOfRunbook(folder, listFunctions(projectRoot), ids, projectRoot);
}

interface Statement {
  readonly Action: string | readonly string[];
}

/** Every action that a runbook's roles hold in the template, by the beginning of the policy's logical id. */
let deployed: (start: RegExp) => string[];
beforeAll(() => {
  const { Resources } = JSON.parse(readFileSync(join(testAssembly, 'handsoff.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { PolicyDocument: { Statement: Statement[] } } }>;
  };
  deployed = (start) => [
    ...new Set(
      Object.entries(Resources)
        .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && start.test(id))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action)),
    ),
  ];
});

const explained = (statements: RunbookPolicies['machine'] = []) => [
  ...new Set(statements.flatMap(({ actions }) => actions)),
];
/** What every machine may do to write its logs and traces. */
const ofEveryMachine = /^(logs|xray):/;

describe('policiesOfRunbook', () => {
  it.each(runbooks.map(({ manifest }) => manifest.id))('explains exactly what is deployed: %s', (id) => {
    const { automation, machine } = policiesOf(id);
    const name = id.replaceAll('-', '');
    expect(explained(automation).sort()).toEqual(deployed(new RegExp(`^Runbooks${name}AutomationRole`)).sort());
    const ofMachine = deployed(new RegExp(`^Runbooks${name}RunbookRole`)).filter(
      (action) => !ofEveryMachine.test(action),
    );
    expect(explained(machine).sort()).toEqual(ofMachine.sort());
  });

  it.each(runbooks.map(({ manifest }) => manifest.id))('gives every action a reason with file and line: %s', (id) => {
    const { automation = [], machine, looking } = policiesOf(id);
    for (const { actions, because, resources, wildcard } of [...automation, ...machine, ...looking]) {
      for (const action of actions) {
        expect(because[action]?.length, action).toBeGreaterThan(0);
        for (const reason of because[action] ?? [])
          expect(reason).toMatch(/^statemachines\/runbooks\/.*\.(yaml|json):\d+:\d+: /);
      }
      if (automation.some((each) => each.resources === resources) && resources.join().includes('*'))
        expect(wildcard).toMatch(/\.$/);
    }
  });

  it('says which commands are sent for it, as the function that sends them may', () => {
    const sent = runbooks.flatMap(({ manifest: { id } }) =>
      policiesOf(id).looking.flatMap(({ resources }) => resources),
    );
    const documents = sent.filter((resource) => resource.includes(':document/')).map((arn) => arn.split('/').at(-1));
    expect(documents).toContain('handsoff-disk-space-low-measure-disk-command');
    const { Resources } = JSON.parse(readFileSync(join(testAssembly, 'handsoff.template.json'), 'utf8'));
    const role = Object.entries(Resources).filter(([id]) => id.startsWith('runcommandRoleDefaultPolicy'));
    const granted = [...JSON.stringify(role).matchAll(/:document\/([\w-]+)/g)].map(([, name]) => name);
    expect(new Set(granted)).toEqual(new Set(documents));
  });

  it('says which state a grant of the machine is for, and which step one of the automation', () => {
    const { automation = [], machine } = policiesOf('disk-space-low');
    expect(JSON.stringify(machine)).toMatch(/definition\.asl\.json:\d+:\d+: the state Measure Disk/);
    expect(JSON.stringify(automation)).toMatch(/restore-logs\.automation\.yaml:\d+:\d+: the step RestoreLogs calls it/);
  });
});

describe('showPolicies', () => {
  it('tells all of it in lines without colours where there is no terminal', () => {
    const text = showPolicies(policiesOf('ec2-status-check-failed')).join('\n');
    expect(text).toContain('if StringEquals aws:ResourceTag/handsoff = act');
    expect(text).toContain('start-again.automation.yaml');
    expect(text).toMatch(/the boundary denies every automation[\s\S]*ec2:TerminateInstances[\s\S]*iam:\* but/);
    expect(text).not.toContain('\u001b');
  });

  it('says of a runbook that repairs nothing that it has no automation', () => {
    expect(showPolicies(policiesOf('default'))[0]).toContain('it has no automation');
  });
});
