import type { Rule } from '../rule.ts';
import type { CommandSource } from '../runbook-source.ts';
import type { Problem } from '../../infra/config/source-file.ts';

/** Commands that take `--` as the end of their options, and read what begins with a dash as one of them. */
const dashed = 'rm|cp|mv|du|df|gzip|gunzip|cat|ls|grep|chmod|chown|truncate|systemctl|tail|head|kill|stat|tar';

/** Advice: a variable behind a command's name may begin with a dash; behind `--` it is an argument whatever it says. */
export const argumentsComeAfterDashes: Rule = {
  name: 'arguments-come-after-dashes',
  check: ({ commands }) => commands.flatMap(check),
};

function check({ source, content }: CommandSource): readonly Problem[] {
  return (content?.mainSteps ?? []).flatMap(({ inputs }, step) =>
    [inputs.runCommand].flat().flatMap((line, index) => {
      const unguarded = [...line.matchAll(new RegExp(`(?:^|[\\s;&|(])(${dashed})\\s([^;&|)]*)`, 'g'))].filter(
        ([, , rest = '']) => /"\$\w/.test(rest) && !/(^|\s)--\s/.test(rest.split('"$')[0] ?? ''),
      );
      return unguarded.map(([, command]) =>
        source.at(
          ['mainSteps', step, 'inputs', 'runCommand', ...(Array.isArray(inputs.runCommand) ? [index] : [])],
          `${command} would read a value that begins with a dash as an option; write -- before it.`,
          'advice',
        ),
      );
    }),
  );
}
