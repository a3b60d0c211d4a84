import { expect, it } from 'vitest';
import { describeMappings } from '../../../sandbox/deploy/functions.ts';
import { readTemplate } from '../assembly/directories.ts';

it('has the parallelization factor of a mapping, which AWS checks', async () => {
  const Properties = { FunctionName: 'f', EventSourceArn: 'a-stream', ParallelizationFactor: 11 };
  const assembly = await readTemplate({ Resources: { Made: { Type: 'AWS::Lambda::EventSourceMapping', Properties } } });
  expect(describeMappings(assembly)).toMatchObject([{ parallelizationFactor: 11 }]);
});
