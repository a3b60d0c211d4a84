import type { AutomationStep } from '../../sandbox/ssm/document-schema.ts';
import { iamAction } from '../iam-action.ts';
import type { Rule } from '../rule.ts';

/** Every step of a document that may change something is an action under `mutations`, from which its role is made. */
export const changesAreDeclared: Rule = {
  name: 'changes-are-declared',
  check({ automations, settings }) {
    if (!settings) return [];
    const declared = settings.mutations.map(({ action }) => action);
    return automations.flatMap(({ source, content }) =>
      (content?.mainSteps ?? []).flatMap((step, index) =>
        changesOf(step)
          .filter((action) => !declared.includes(action))
          .map((action) =>
            source.at(
              ['mainSteps', index],
              `${step.name} causes ${action}, which runbook.yaml does not declare; add it to mutations with its resource.`,
            ),
          ),
      ),
    );
  },
};

/** The IAM actions of a step that do more than read. */
export function changesOf({ action, inputs }: AutomationStep): readonly string[] {
  switch (action) {
    case 'aws:executeAwsApi': {
      const { Service: service, Api: api } = inputs;
      if (typeof service !== 'string' || typeof api !== 'string') return [];
      return reads.test(api) ? [] : [iamAction(service, api)];
    }
    case 'aws:changeInstanceState':
      return inputs['DesiredState'] === 'running' ? ['ec2:StartInstances'] : ['ec2:StopInstances'];
    case 'aws:runCommand':
      return ['ssm:SendCommand'];
    case 'aws:invokeLambdaFunction':
      return ['lambda:InvokeFunction'];
    case 'aws:executeAutomation':
      return ['ssm:StartAutomationExecution'];
    case 'aws:executeStateMachine':
      return ['states:StartExecution'];
    case 'aws:createTags':
      return ['ec2:CreateTags'];
    default:
      return [];
  }
}

/** As `readsOnly` has it for definitions; SSM spells operations with a capital. */
const reads = /^(Describe|Get|List|Lookup|BatchGet|Search)[A-Z]/;
