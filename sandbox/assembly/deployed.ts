import { problemAt } from './assembly-error.ts';

/** One output of a stack. */
export interface Output {
  readonly stack: string;
  readonly name: string;
  readonly value: string;
  /** The name under which `Fn::ImportValue` finds it, if it is exported. */
  readonly exportName?: string;
}

/** What the stacks deployed so far give to those that come after them. */
export class Deployed {
  readonly #outputs: Output[] = [];
  readonly #exports = new Map<string, Output>();

  get outputs(): readonly Output[] {
    return this.#outputs;
  }

  /** Takes note of an output. Throws an `AssemblyError` when another stack exports the same name. */
  add(output: Output): void {
    this.#outputs.push(output);
    if (output.exportName === undefined) return;
    const other = this.#exports.get(output.exportName);
    if (other) {
      throw problemAt(
        `${output.stack} Outputs.${output.name}`,
        `${other.stack} exports the name ${output.exportName} already.`,
      );
    }
    this.#exports.set(output.exportName, output);
  }

  /** What `Fn::ImportValue` gives. Throws an `AssemblyError` when no stack deployed before exports the name. */
  importValue(exportName: string, place: string): string {
    const found = this.#exports.get(exportName);
    if (found) return found.value;
    throw problemAt(place, `no export named ${exportName} found in the stacks that are deployed before this one.`);
  }

  /** What `Fn::GetStackOutput` gives. */
  stackOutput(stackName: string, outputName: string, place: string): string {
    const found = this.#outputs.find(({ stack, name }) => stack === stackName && name === outputName);
    if (found) return found.value;
    throw problemAt(place, `no output ${outputName} found in a stack ${stackName} that is deployed before this one.`);
  }
}
