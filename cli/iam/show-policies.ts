import { paint } from '../paint.ts';
import type { ExplainedStatement, RunbookPolicies } from './policies-of-runbook.ts';

/** The policies of a runbook as lines, statement by statement. */
export function showPolicies({ runbook, automation, machine, looking, boundary }: RunbookPolicies): string[] {
  return [
    ...(automation
      ? [paint('bold', `The automation of ${runbook} may`), ...automation.flatMap(showStatement)]
      : [paint('bold', `${runbook} repairs nothing: it has no automation.`)]),
    '',
    paint('bold', `Its state machine may`),
    ...machine.flatMap(showStatement),
    paint('dim', '  and write its own logs and traces, as every state machine does'),
    ...(looking.length > 0
      ? ['', paint('bold', 'For it, to look, the function run-command may'), ...looking.flatMap(showStatement)]
      : []),
    '',
    paint('bold', 'Whatever its role says, the boundary denies every automation'),
    ...boundary.flatMap(({ denies, because, when }) => [
      `  ${paint('red', because)}`,
      ...wrap(denies, 108).map((line) => `      ${line}`),
      ...showCondition(when),
    ]),
    '',
    paint(
      'dim',
      'SSM takes the automation role on for this account alone, Step Functions the other for this machine alone.',
    ),
  ];
}

function showStatement({ actions, resources, condition, wildcard, because }: ExplainedStatement): string[] {
  return [
    ...actions.flatMap((action) => [
      `  ${paint('green', action)}`,
      ...(because[action] ?? []).map((reason) => `      ${paint('dim', 'because')} ${reason}`),
    ]),
    ...resources.map((resource) => `      ${paint('dim', 'on')} ${resource}`),
    ...showCondition(condition),
    ...(wildcard ? [`      ${paint('dim', 'not narrower:')} ${wildcard}`] : []),
  ];
}

function showCondition(condition: ExplainedStatement['condition'] = {}): string[] {
  return Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(
      ([key, value]) => `      ${paint('dim', 'if')} ${operator} ${key} = ${[value].flat().join(' or ')}`,
    ),
  );
}

function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length + 2 <= width) lines[lines.length - 1] = `${line}, ${word}`;
    else lines.push(word);
  }
  return lines;
}
