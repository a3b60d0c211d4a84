import { type EC2Client, GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import type { Diagnostic } from '../diagnostic.ts';

/** How much of the console's end is kept, in lines. */
const tailLines = 20;

/** Signs of a boot that did not end well, each with what it means. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/kernel panic/i, 'a kernel panic'],
  [/out of memory/i, 'the kernel ran out of memory'],
  [/no space left on device/i, 'a full disk'],
  [/emergency mode|failed to mount/i, 'a file system that would not mount'],
  [/i\/o error/i, 'an I/O error'],
];

/** The end of what the instance last printed on its console, and the known signs of trouble in it. */
export function consoleOutput(ec2: EC2Client): Diagnostic {
  return async ({ resource }) => {
    const { Output: output } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: resource.id, Latest: true }));
    const text = Buffer.from(output ?? '', 'base64')
      .toString('utf8')
      .trim();
    if (!text) return { verdict: 'unknown', summary: 'The console shows nothing.' };
    const tail = text.split(/\r?\n/).slice(-tailLines);
    const seen = signs.filter(([sign]) => tail.some((line) => sign.test(line))).map(([, meaning]) => meaning);
    if (seen.length === 0)
      return { verdict: 'healthy', summary: 'The console shows no known sign of trouble.', evidence: tail };
    return { verdict: 'unhealthy', summary: `The console shows ${seen.join(' and ')}.`, evidence: tail };
  };
}
