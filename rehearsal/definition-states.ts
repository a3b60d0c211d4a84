import type { MachineBody, StateDefinition } from '../sandbox/states/definition.ts';

/** Every state of a definition by its name, those inside Parallel and Map among them. */
export function statesIn({ States }: Pick<MachineBody, 'States'>): Map<string, StateDefinition> {
  const entries = Object.entries(States).flatMap(([name, state]): (readonly [string, StateDefinition])[] => [
    [name, state],
    ...innerOf(state).flatMap((body) => [...statesIn(body)]),
  ]);
  return new Map(entries);
}

/** The states to which a state can lead. */
export function nextOf({ Next, Default, Choices = [], Catch = [] }: StateDefinition): string[] {
  const next = [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((caught) => caught.Next)];
  return next.filter((name) => name !== undefined);
}

function innerOf({ Branches = [], Iterator, ItemProcessor }: StateDefinition): MachineBody[] {
  return [...Branches, Iterator, ItemProcessor].filter((body) => body !== undefined);
}
