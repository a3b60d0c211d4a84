import type { AutomationStep } from '../../sandbox/ssm/document-schema.ts';
import type { Rule } from '../rule.ts';
import type { RunbookSource } from '../runbook-source.ts';

/** Inputs that say what is called, by action. */
const callees: Readonly<Record<string, readonly string[]>> = {
  'aws:runCommand': ['DocumentName'],
  'aws:executeAutomation': ['DocumentName'],
  'aws:invokeLambdaFunction': ['FunctionName'],
  'aws:executeStateMachine': ['stateMachineArn'],
  'aws:invokeWebhook': ['IntegrationName'],
  'aws:executeAwsApi': ['Service', 'Api'],
  'aws:waitForAwsResourceProperty': ['Service', 'Api'],
  'aws:assertAwsResourceProperty': ['Service', 'Api'],
};

/** API calls that run something else: for them the input that names it. */
const runners: Readonly<Record<string, string>> = {
  SendCommand: 'DocumentName',
  StartAutomationExecution: 'DocumentName',
  Invoke: 'FunctionName',
  StartExecution: 'stateMachineArn',
};

/** No parameter chooses what an automation calls, and the documents it runs are AWS's or the folder's own. */
export const documentsCallByName: Rule = {
  name: 'documents-call-by-name',
  check: (runbook) =>
    runbook.automations.flatMap(({ source, content }) =>
      (content?.mainSteps ?? []).flatMap((step, index) =>
        complaintsOf(step, runbook).map(([input, message]) =>
          source.at(['mainSteps', index, 'inputs', input], `${step.name} ${message}`),
        ),
      ),
    ),
};

type Complaint = readonly [input: string, message: string];

function complaintsOf({ action, inputs }: AutomationStep, runbook: RunbookSource): readonly Complaint[] {
  const runner = action === 'aws:executeAwsApi' ? runners[String(inputs['Api'])] : undefined;
  return [...(callees[action] ?? []), ...(runner ? [runner] : [])].flatMap((input): readonly Complaint[] => {
    const value = inputs[input];
    if (typeof value === 'string' && value.includes('{{'))
      return [[input, `lets a value choose its ${input}; write it out.`]];
    if (input !== 'DocumentName' || typeof value !== 'string' || isKnownDocument(value, runbook)) return [];
    const message = `runs the document ${value}, which is neither one of AWS nor of this folder; put it in the folder as <name>.command.yaml or <name>.automation.yaml.`;
    return [[input, message]];
  });
}

function isKnownDocument(name: string, { automations, commands }: RunbookSource): boolean {
  return /^AWS-\w+$/.test(name) || [...automations, ...commands].some(({ fullName }) => fullName === name);
}
