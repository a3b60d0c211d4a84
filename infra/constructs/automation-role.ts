import { Stack } from 'aws-cdk-lib';
import { type IManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { automationPolicy } from '../automation/automation-policy.ts';
import type { RunbookFolder } from '../config/load-config.ts';
import { acknowledgeWildcard } from '../wildcards.ts';
import { trustOfThisAccount } from './trust.ts';

export interface AutomationRoleProps {
  readonly folder: RunbookFolder;
  readonly boundary: IManagedPolicy;
}

/** The role that a runbook's automation runs with: what its documents read, and what its manifest declares, and nothing else. */
export class AutomationRole extends Role {
  constructor(scope: Construct, id: string, { folder, boundary }: AutomationRoleProps) {
    super(scope, id, {
      description: `What the automation of the runbook ${folder.manifest.id} may do: its declared mutations, and reads.`,
      assumedBy: new ServicePrincipal('ssm.amazonaws.com'),
      permissionsBoundary: boundary,
    });
    trustOfThisAccount(this, 'ssm', 'automation-execution/*');
    for (const { actions, resource, condition, wildcard } of automationPolicy(folder, Stack.of(this))) {
      this.addToPolicy(
        new PolicyStatement({
          actions: [...actions],
          resources: [resource],
          ...(condition && { conditions: condition }),
        }),
      );
      if (wildcard) acknowledgeWildcard(this, resource, wildcard);
    }
  }
}
