import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/**
 * A switch that stops change. CloudFormation writes `off` when it makes the parameter, and again whenever anything about
 * it changes: an operator's `on` would be lost. So nothing about it may ever change, not even its tags.
 */
export class KillSwitch extends Construct {
  constructor(scope: Construct, id: string, { name, stops }: { readonly name: string; readonly stops: string }) {
    super(scope, id);
    new StringParameter(this, 'Parameter', {
      parameterName: `/handsoff/kill-switch/${name}`,
      description: `on: ${stops}`,
      stringValue: 'off',
    });
  }
}
