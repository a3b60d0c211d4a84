import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Every state of a definition by its name, wherever it stands. */
function statesIn(node: unknown): [string, Node][] {
  if (!isNode(node)) return [];
  const here =
    isNode(node['States']) && !Array.isArray(node['States'])
      ? Object.entries(node['States'] as Record<string, Node>)
      : [];
  return [...here, ...Object.values(node).flatMap(statesIn)];
}

const files = readdirSync('statemachines', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.asl.json'))
  .map((file) => `statemachines/${file}`);

/** Names of the errors that our functions raise. */
const ownErrors = new Set(
  readdirSync('functions', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(`functions/${file}`, 'utf8').matchAll(/name = '(\w+Error)'/g)].map(([, name]) => name),
    ),
);

describe.each(files)('%s', (file) => {
  const states = statesIn(JSON.parse(readFileSync(file, 'utf8')));

  it('gives every task a time limit', () => {
    const tasks = states.filter(([, { Type }]) => Type === 'Task');
    expect(tasks.length).toBeGreaterThan(0);
    expect(tasks.filter(([, task]) => task['TimeoutSeconds'] === undefined).map(([name]) => name)).toEqual([]);
  });

  it('catches only errors that there are', () => {
    const named = states.flatMap(([, state]) =>
      [...((state['Catch'] ?? []) as Node[]), ...((state['Retry'] ?? []) as Node[])].flatMap(
        ({ ErrorEquals }) => ErrorEquals as string[],
      ),
    );
    const own = named.filter(
      (name) =>
        !/^(States|Lambda|StepFunctions|Sns|Sqs)\.|^(ThrottlingException|AccessDeniedException|ApprovalRefused|IncidentWorsened|RecoveryUnproven)$/.test(
          name,
        ),
    );
    expect(own.filter((name) => !ownErrors.has(name))).toEqual([]);
  });

  it('names every state once, in words', () => {
    const names = states.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Z][a-z]+( [A-Z][a-z]+)*$/);
  });
});

describe('every runbook', () => {
  it.each(files.filter((file) => file.includes('/runbooks/')))('%s ends a failure where a person is called', (file) => {
    const states = new Map(statesIn(JSON.parse(readFileSync(file, 'utf8'))));
    const reachesPerson = (name: string, seen = new Set<string>()): boolean => {
      const state = states.get(name);
      if (!state || seen.has(name)) return false;
      // `remediate` calls a person itself wherever it does not end in a recovery.
      if (/CallPersonFunctionArn|RemediateMachineArn/.test(JSON.stringify(state['Arguments'] ?? ''))) return true;
      if (state['Type'] === 'Fail') return true;
      const next = [state['Next'], state['Default'], ...((state['Choices'] ?? []) as Node[]).map(({ Next }) => Next)];
      return next.some((one) => typeof one === 'string' && reachesPerson(one, new Set([...seen, name])));
    };
    const caught = [...states].flatMap(([, state]) =>
      ((state['Catch'] ?? []) as Node[]).map(({ Next }) => String(Next)),
    );
    expect(caught.filter((name) => !reachesPerson(name))).toEqual([]);
  });
});
