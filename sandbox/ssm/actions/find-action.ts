import type { StepAction } from './action.ts';
import { assertAwsResourceProperty, executeAwsApi, waitForAwsResourceProperty } from './api-call.ts';
import { branch } from './branch.ts';
import { changeInstanceState } from './change-instance-state.ts';
import { createTags } from './create-tags.ts';
import { executeAutomation } from './execute-automation.ts';
import { executeScript } from './execute-script.ts';
import { invokeLambdaFunction } from './invoke-lambda-function.ts';
import { loop } from './loop.ts';
import { runCommand } from './run-command.ts';
import { updateVariable } from './update-variable.ts';
import { approve, pause, sleep } from './waits.ts';

const ACTIONS: Readonly<Record<string, StepAction>> = {
  'aws:approve': approve,
  'aws:assertAwsResourceProperty': assertAwsResourceProperty,
  'aws:branch': branch,
  'aws:changeInstanceState': changeInstanceState,
  'aws:createTags': createTags,
  'aws:executeAutomation': executeAutomation,
  'aws:executeAwsApi': executeAwsApi,
  'aws:executeScript': executeScript,
  'aws:invokeLambdaFunction': invokeLambdaFunction,
  'aws:loop': loop,
  'aws:pause': pause,
  'aws:runCommand': runCommand,
  'aws:sleep': sleep,
  'aws:updateVariable': updateVariable,
  'aws:waitForAwsResourceProperty': waitForAwsResourceProperty,
};

/** Actions that AWS has and the sandbox does not run: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
const UNSUPPORTED = [
  'aws:assertAwsResourceProperties',
  'aws:copyImage',
  'aws:createImage',
  'aws:createStack',
  'aws:deleteImage',
  'aws:deleteStack',
  'aws:executeStateMachine',
  'aws:invokeWebhook',
  'aws:runInstances',
];

/** What runs an action; undefined when the sandbox does not. */
export function findAction(action: string): StepAction | undefined {
  return ACTIONS[action];
}

/** True for an action that AWS knows, whether or not the sandbox runs it. */
export function isKnownAction(action: string): boolean {
  return action in ACTIONS || UNSUPPORTED.includes(action);
}
