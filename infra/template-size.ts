import { statSync, readFileSync } from 'node:fs';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';

/** CloudFormation takes no longer template: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const maxTemplateBytes = 1_000_000;

/** Raised for a template that could not be deployed. */
export class TemplateTooBigError extends Error {
  override readonly name = 'TemplateTooBigError' as const;

  constructor(stack: string, bytes: number, biggest: readonly string[]) {
    super(
      `The template of the stack ${stack} has ${bytes} bytes, and CloudFormation takes ${maxTemplateBytes}. Take runbooks out of statemachines/runbooks that you do not need, or shorten what is biggest: ${biggest.join(', ')}.`,
    );
  }
}

/** Throws a `TemplateTooBigError` for a stack that CloudFormation would refuse, of which CDK only warns. */
export function refuseTooBig({ stacks }: Pick<CloudAssembly, 'stacks'>): void {
  for (const { stackName, templateFullPath } of stacks) {
    const { size } = statSync(templateFullPath);
    if (size > maxTemplateBytes) throw new TemplateTooBigError(stackName, size, biggestOf(templateFullPath));
  }
}

/** What a template spends most on, by what AWS will call it. */
function biggestOf(file: string): string[] {
  const { Resources: resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, object> };
  return Object.entries(resources)
    .map(([id, resource]) => ({ id, bytes: Buffer.byteLength(JSON.stringify(resource)) }))
    .toSorted((one, other) => other.bytes - one.bytes)
    .slice(0, 5)
    .map(({ id, bytes }) => `${id} (${bytes})`);
}
