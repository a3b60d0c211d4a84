import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { allRules } from '../../validation/all-rules.ts';
import { problemText } from '../../infra/config/source-file.ts';
import { readProjectFacts } from '../../validation/project-facts.ts';
import { readRunbookSource, type RunbookSource } from '../../validation/runbook-source.ts';
import { AProject } from '../infra/a-project.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const facts = readProjectFacts(checkout);

let project: AProject;
beforeEach(() => {
  project = new AProject(['disk-space-low', 'ec2-status-check-failed', 'rundeck-job']);
});

/** What one rule says of one runbook. */
async function complaints(rule: string, source: RunbookSource): Promise<string[]> {
  const found = allRules.find(({ name }) => name === rule);
  if (!found) throw new Error(`There is no rule ${rule}.`);
  return (await found.check(source, facts)).map(problemText);
}

const disk = 'disk-space-low';
const ec2 = 'ec2-status-check-failed';

/** A rule, what breaks it, where, and what is said of it. */
type Row = readonly [
  rule: string,
  what: string,
  runbook: string,
  file: string,
  from: string | RegExp,
  to: string,
  said: RegExp,
];

const rejected: readonly Row[] = [
  [
    'files-are-read',
    'one that nobody reads',
    disk,
    'rehearsals/other.yml',
    '',
    'title: Another\n',
    /rehearsals\/other\.yml:1:1: is not read; call it other\.yaml\./,
  ],
  [
    'pattern-names-alert-fields',
    'a field that no alert has',
    disk,
    'runbook.yaml',
    'resource: { type:',
    'resource: { kind: [x], type:',
    /runbook\.yaml:\d+:15: no alert has resource\.kind; .*arn, type, id/,
  ],
  [
    'pattern-names-alert-fields',
    'one that has members, asked as a value',
    disk,
    'runbook.yaml',
    /resource: \{ type: .* \}/,
    'resource: [x]',
    /resource has members/,
  ],
  [
    'pattern-names-alert-fields',
    'a value asked for members',
    disk,
    'runbook.yaml',
    'class: [disk_used_percent]',
    'class: { name: [disk_used_percent] }',
    /payload\.class is one value/,
  ],
  [
    'definition-is-valid',
    'a transition to nowhere',
    disk,
    'definition.asl.json',
    '"Next": "Compress Logs"',
    '"Next": "Compress Log"',
    /definition\.asl\.json:\d+:\d+: .*Compress Log/,
  ],
  [
    'definition-is-valid',
    '$eval',
    disk,
    'definition.asl.json',
    '{% $states.result.Payload.findings %}',
    '{% $eval($states.input.alert.payload.summary) %}',
    /:\d+:\d+: .*\$eval is not supported/,
  ],
  [
    'definition-is-valid',
    'text that is no JSON',
    disk,
    'definition.asl.json',
    '"StartAt":',
    '"StartAt"',
    /:4:\d+: is not JSON/,
  ],
  [
    'definition-is-valid',
    'a member that stands twice',
    disk,
    'definition.asl.json',
    '"TimeoutSeconds": 43200,',
    '"TimeoutSeconds": 43200, "TimeoutSeconds": 1,',
    /:5:\d+: stands here twice/,
  ],
  [
    'substitutions-are-known',
    'a name that nothing is given for',
    disk,
    'definition.asl.json',
    '${DiagnoseFunctionArn}',
    '${DiagnosisFunctionArn}',
    /:\d+:\d+: nothing is given for \$\{DiagnosisFunctionArn\}\. Use one of: .*DiagnoseFunctionArn/,
  ],
  [
    'states-are-named-in-words',
    'a name that is none',
    disk,
    'definition.asl.json',
    /Compress Logs/g,
    'compressLogs',
    /:\d+:5: compressLogs is no name in words/,
  ],
  [
    'tasks-have-timeouts',
    'a task without a time limit, at its name',
    disk,
    'definition.asl.json',
    /"TimeoutSeconds": 14400,/,
    '',
    /:\d+:5: Compress Logs has no time limit/,
  ],
  [
    'tasks-have-timeouts',
    'a machine without one',
    disk,
    'definition.asl.json',
    '"TimeoutSeconds": 43200,',
    '',
    /the machine has no time limit/,
  ],
  [
    'failures-reach-a-person',
    'a failure that ends untold',
    ec2,
    'definition.asl.json',
    /"Next": "Call Person"\n {8}\}\n {6}\],\n {6}"Next": "Decide Repair"/,
    '"Next": "Give Up"\n        }\n      ],\n      "Next": "Decide Repair"',
    /Diagnose Instance catches ends at Give Up/,
  ],
  [
    'definition-calls-by-name',
    'a function that the event chooses',
    disk,
    'definition.asl.json',
    '"FunctionName": "${DiagnoseFunctionArn}"',
    '"FunctionName": "{% $states.input.alert.payload.source %}"',
    /Diagnose Growth has the FunctionName .*lets no value choose it/,
  ],
  [
    'definition-calls-by-name',
    'a function that belongs to a machine of ours',
    disk,
    'definition.asl.json',
    '"FunctionName": "${DiagnoseFunctionArn}"',
    '"FunctionName": "${StartAutomationFunctionArn}"',
    /a runbook names \$\{DiagnoseFunctionArn\}/,
  ],
  [
    'definition-calls-by-name',
    'a machine that the event chooses',
    disk,
    'definition.asl.json',
    '"StateMachineArn": "${RemediateMachineArn}"',
    '"StateMachineArn": "{% $incident.alert.payload.group %}"',
    /has the StateMachineArn/,
  ],
  [
    'definition-calls-by-name',
    'a document that the event chooses',
    disk,
    'definition.asl.json',
    '"document": "handsoff-disk-space-low-measure-disk-command"',
    '"document": "{% $states.input.alert.payload.group %}"',
    /runs the document .*; write handsoff-disk-space-low-measure-disk-command/,
  ],
  [
    'definition-calls-by-name',
    'a change without remediate',
    disk,
    'definition.asl.json',
    'arn:aws:states:::states:startExecution.sync:2',
    'arn:aws:states:::aws-sdk:ec2:terminateInstances',
    /Compress Logs calls .*terminateInstances/,
  ],
  [
    'definition-calls-by-name',
    'a Resource made of a value',
    disk,
    'definition.asl.json',
    '"arn:aws:states:::states:startExecution.sync:2"',
    '"{% $incident.alert.payload.source %}"',
    /lets a value choose its Resource/,
  ],
  [
    'definition-matches-manifest',
    'a diagnostic that nobody knows',
    disk,
    'runbook.yaml',
    'diagnostics: [metric-around-alarm,',
    'diagnostics: [metric-around-alarms, metric-around-alarm,',
    /runbook\.yaml:\d+:15: there is no diagnostic metric-around-alarms\. Use one of: .*metric-around-alarm/,
  ],
  [
    'definition-matches-manifest',
    'one that is run and not listed',
    disk,
    'runbook.yaml',
    'diagnostics: [metric-around-alarm, ',
    'diagnostics: [',
    /"metric-around-alarm" is not among the diagnostics/,
  ],
  [
    'definition-matches-manifest',
    'one that is run with more than a name and not listed',
    disk,
    'definition.asl.json',
    '"recent-changes",',
    '{ "name": "logs-insights" }, "recent-changes",',
    /"logs-insights" is not among the diagnostics/,
  ],
  [
    'definition-matches-manifest',
    'a query that the event writes',
    disk,
    'definition.asl.json',
    '"recent-changes",',
    '{ "name": "recent-changes", "query": "{% $incident.alert.payload.summary %}" },',
    /recent-changes lets a value choose its query/,
  ],
  [
    'definition-matches-manifest',
    'one that is listed and not run',
    disk,
    'runbook.yaml',
    'diagnostics: [',
    'diagnostics: [console-output, ',
    /never runs the diagnostic console-output/,
  ],
  [
    'definition-matches-manifest',
    'parameters that are not those of the manifest',
    disk,
    'definition.asl.json',
    '"InstanceId": "{% $incident.alert.resource.id %}",',
    '',
    /gives the parameters Path, Since, but runbook\.yaml declares InstanceId, Path, Since/,
  ],
  [
    'definition-matches-manifest',
    'another runbook asked to act',
    disk,
    'definition.asl.json',
    /"runbook": "\$\{RunbookId\}",\n {10}"target"/,
    '"runbook": "ec2-status-check-failed",\n          "target"',
    /must say runbook: \$\{RunbookId\}/,
  ],
  [
    'documents-are-valid',
    'a step that leads nowhere',
    ec2,
    'start-again.automation.yaml',
    'onFailure: Abort',
    'onFailure: step:Nowhere',
    /start-again\.automation\.yaml:\d+:\d+: mainSteps\[0\]\.onFailure: There is no step Nowhere/,
  ],
  [
    'documents-are-valid',
    'text that is no YAML',
    ec2,
    'start-again.automation.yaml',
    'mainSteps:',
    'mainSteps: [',
    /is not YAML/,
  ],
  [
    'document-parameters-agree',
    'a parameter that the document does not take',
    disk,
    'runbook.yaml',
    '    InstanceId: {',
    "    Other: { from: resource.id, pattern: '^x$$' }\n    InstanceId: {",
    /runbook\.yaml:\d+:5: .*compress-logs\.automation\.yaml takes no parameter Other/,
  ],
  [
    'document-parameters-agree',
    'one that the document wants',
    disk,
    'compress-logs.automation.yaml',
    '  InstanceId:',
    '  Other: { type: String }\n  InstanceId:',
    /runbook\.yaml gives no Other/,
  ],
  [
    'document-parameters-agree',
    'two patterns for one parameter',
    disk,
    'compress-logs.automation.yaml',
    '{8,17}',
    '{8,18}',
    /write the same pattern in both/,
  ],
  [
    'document-parameters-agree',
    'a document that acts as whoever starts it',
    disk,
    'compress-logs.automation.yaml',
    /assumeRole.*\n/,
    '',
    /acts as the runbook's own role/,
  ],
  [
    'document-parameters-agree',
    'one that a document of AWS does not take',
    ec2,
    'runbook.yaml',
    '    InstanceId: {',
    "    Other: { from: resource.id, pattern: '^x$$' }\n    InstanceId: {",
    /AWS-RestartEC2Instance, the document, has no parameter Other/,
  ],
  [
    'documents-call-by-name',
    'a document that a parameter chooses',
    disk,
    'compress-logs.automation.yaml',
    'DocumentName: handsoff-disk-space-low-compress-logs-command',
    "DocumentName: '{{ Path }}'",
    /CompressLogs lets a value choose its DocumentName/,
  ],
  [
    'documents-call-by-name',
    "somebody else's document",
    disk,
    'compress-logs.automation.yaml',
    'DocumentName: handsoff-disk-space-low-compress-logs-command',
    'DocumentName: arn:aws:ssm:eu-central-1:999999999999:document/Innocent',
    /neither one of AWS nor of this folder/,
  ],
  [
    'documents-call-by-name',
    'an operation that a parameter chooses',
    ec2,
    'start-again.automation.yaml',
    'Api: StartInstances',
    "Api: '{{ InstanceId }}'",
    /Start lets a value choose its Api/,
  ],
  [
    'parameters-are-patterned',
    'a text that is not a variable of the shell',
    disk,
    'compress-logs.command.yaml',
    /    interpolationType: ENV_VAR\n/,
    '',
    /Path would be pasted into the script.*interpolationType: ENV_VAR/,
  ],
  [
    'parameters-are-patterned',
    'any text at all',
    disk,
    'compress-logs.command.yaml',
    /    allowedPattern: .*\n/,
    '',
    /Path takes any text; add an allowedPattern/,
  ],
  [
    'parameters-are-patterned',
    'a pattern without an end',
    disk,
    'compress-logs.command.yaml',
    "{0,200}$'",
    "{0,200}'",
    /begin its allowedPattern with \^ and end it with \$/,
  ],
  [
    'parameters-are-patterned',
    'alternatives that are anchored at one side each',
    disk,
    'compress-logs.command.yaml',
    /allowedPattern: .*/,
    "allowedPattern: '^/var|/srv$$'",
    /matches in the middle/,
  ],
  [
    'scripts-take-no-text',
    'a value inside a script (attack 3)',
    disk,
    'compress-logs.command.yaml',
    "'path=$SSM_Path'",
    "'path={{ Path }}'",
    /\{\{ Path \}\} is pasted into the script and run there/,
  ],
  [
    'scripts-take-no-text',
    'the fallback for old agents (attack 4)',
    disk,
    'compress-logs.command.yaml',
    "- 'path=$SSM_Path'",
    '- \'export SSM_Path="{{Path}}"\'',
    /\{\{ Path \}\} is pasted/,
  ],
  [
    'scripts-take-no-text',
    'a script that goes on without its variable',
    disk,
    'compress-logs.command.yaml',
    /- set -eu\n.*\n/,
    '- set -e\n',
    /an SSM Agent before 3\.3\.2746\.0 sets no SSM_Path; stop then/,
  ],
  [
    'scripts-take-no-text',
    'a value inside a Python script (attack 7)',
    'rundeck-job',
    'run-job.automation.yaml',
    'answer = events["answer"]',
    'answer = "{{ RunJob.Payload }}"',
    /run-job\.automation\.yaml:\d+:\d+: takes text by \{\{ … \}\}/,
  ],
  [
    'scripts-take-no-text',
    'a value inside a Python script of a loop',
    'rundeck-job',
    'run-job.automation.yaml',
    '        - name: AskJob\n',
    `        - name: Paste
          action: aws:executeScript
          inputs: { Runtime: python3.11, Handler: paste, Script: 'def paste(e, c): return "{{ Queue }}"' }
        - name: AskJob
`,
    /takes text by \{\{ … \}\}/,
  ],
  [
    'arguments-come-after-dashes',
    'a value where an option may stand',
    disk,
    'compress-logs.command.yaml',
    'gzip -- "$file"',
    'gzip "$file"',
    /gzip would read a value that begins with a dash as an option/,
  ],
  [
    'readme-says-what-people-need',
    'a page that does not say how to undo it',
    disk,
    'README.md',
    '**Undo**',
    '**Back**',
    /README\.md:\d+:\d+: says nothing under \*\*Undo\*\*/,
  ],
  [
    'links-lead-somewhere',
    'a link to nowhere, where it stands',
    disk,
    'README.md',
    '**Undo**',
    '[there](../nowhere/README.md) **Undo**',
    /README\.md:11:7: links to \.\.\/nowhere\/README\.md/,
  ],
  [
    'rehearsals-are-there',
    'a rehearsal that cannot be read',
    disk,
    'rehearsals/compress-recovers.yaml',
    'event: alarm.json',
    'event: nowhere.json',
    /compress-recovers\.yaml:2:8: event: nowhere\.json is not there/,
  ],
  [
    'rehearsals-are-there',
    'a state that is not there',
    disk,
    'rehearsals/compress-recovers.yaml',
    /path: \[/,
    'path: [Look Away, ',
    /the definition has no state Look Away/,
  ],
];

describe.each(allRules.map(({ name }) => name))('%s', (rule) => {
  it.each(rejected.filter(([name]) => name === rule))(
    '%s refuses %s',
    async (_rule, _what, id, file, from, to, said) => {
      const path = `statemachines/runbooks/${id}/${file}`;
      if (from === '') project.write(path, to);
      else project.edit(path, from, to);
      if (to.includes('Give Up'))
        project.edit(
          `statemachines/runbooks/${id}/${file}`,
          '"Call Person": {',
          '"Give Up": { "Type": "Fail", "Error": "GaveUp" }, "Call Person": {',
        );
      expect(await complaints(rule, readRunbookSource(project.root, id))).toContainEqual(expect.stringMatching(said));
    },
  );

  it('is tried with something that it refuses', () => {
    expect(rejected.filter(([name]) => name === rule)).not.toEqual([]);
  });
});
