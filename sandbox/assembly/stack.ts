import { problemAt } from './assembly-error.ts';
import { Conditions } from './conditions.ts';
import type { Deployed, Output } from './deployed.ts';
import type { Environment } from './environment.ts';
import { evaluate } from './evaluate.ts';
import { isRecord, readPath, scalarText } from '../members.ts';
import { resolveParameter } from './parameters.ts';
import { isPseudoParameter, pseudoParameter } from './pseudo-parameters.ts';
import { Resource } from './resource.ts';
import type { Scope } from './scope.ts';
import type { Template } from './template.ts';

/** What one stack is resolved with. */
export interface StackInputs {
  readonly environment: Environment;
  /** The values given for the parameters of this stack, by name. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly deployed: Deployed;
}

/** One stack whose resources and outputs are resolved as they are asked for. */
export class Stack {
  readonly name: string;
  /** The resources that no condition leaves out, in the order of the template. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly #template: Template;
  readonly #inputs: StackInputs;
  readonly #conditions: Conditions;

  constructor(template: Template, inputs: StackInputs) {
    this.name = template.stackName;
    this.#template = template;
    this.#inputs = inputs;
    this.#conditions = new Conditions(template.conditions, this.name, (value, place) =>
      evaluate(value, this.#scope(refuseResource), place),
    );
    this.resources = this.#declareResources();
  }

  /** The outputs that no condition leaves out. Throws an `AssemblyError` for one that is not a text. */
  outputs(): readonly Output[] {
    const enabled = Object.entries(this.#template.outputs).filter(([name, output]) => {
      const condition = isRecord(output) ? output['Condition'] : undefined;
      return typeof condition !== 'string' || this.#conditions.holds(condition, `${this.name} Outputs.${name}`);
    });
    return enabled.map(([name, output]) => this.#readOutput(name, output));
  }

  #readOutput(name: string, output: unknown): Output {
    const place = `${this.name} Outputs.${name}`;
    const scope = this.#scope((id) => this.#resource(id, place));
    const value = scalarText(evaluate(readPath(output, ['Value']), scope, `${place}.Value`));
    if (value === undefined) throw problemAt(`${place}.Value`, 'an output is a text.');
    const exportName = scalarText(evaluate(readPath(output, ['Export', 'Name']), scope, `${place}.Export.Name`));
    return { stack: this.name, name, value, ...(exportName === undefined ? {} : { exportName }) };
  }

  #declareResources(): ReadonlyMap<string, Resource> {
    const declarations = [...this.#template.resources.values()].filter(
      ({ logicalId, condition }) =>
        condition === undefined || this.#conditions.holds(condition, `${this.name}/${logicalId}`),
    );
    const enabled = new Set(declarations.map(({ logicalId }) => logicalId));
    return new Map(
      declarations.map((declaration) => {
        const dependencies = new Set(declaration.dependsOn.filter((id) => enabled.has(id)));
        const scope = this.#scope((id, place) => {
          dependencies.add(id);
          return this.#resource(id, place);
        });
        return [declaration.logicalId, new Resource(declaration, this.name, scope, dependencies)];
      }),
    );
  }

  #resource(logicalId: string, place: string): Resource {
    const resource = this.resources.get(logicalId);
    if (resource) return resource;
    const why = this.#template.resources.has(logicalId)
      ? 'its condition leaves it out'
      : 'the template does not have it';
    throw problemAt(place, `the resource ${logicalId} does not exist: ${why}.`);
  }

  #scope(resourceOf: (logicalId: string, place: string) => Resource): Scope {
    const { environment, deployed } = this.#inputs;
    return {
      environment,
      ref: (name, place) => (this.#isValue(name) ? this.#valueOf(name) : resourceOf(name, place).physicalId),
      getAttribute: (logicalId, attribute, place) => resourceOf(logicalId, place).attribute(attribute),
      condition: (name, place) => this.#conditions.holds(name, place),
      mapping: (map, top, second) => readPath(this.#template.mappings, [map, top, second]),
      importValue: (exportName, place) => deployed.importValue(exportName, place),
      stackOutput: (stackName, outputName, place) => deployed.stackOutput(stackName, outputName, place),
    };
  }

  #isValue(name: string): boolean {
    return isPseudoParameter(name) || Object.hasOwn(this.#template.parameters, name);
  }

  #valueOf(name: string): unknown {
    const { environment, parameters } = this.#inputs;
    if (isPseudoParameter(name)) return pseudoParameter(name, environment, this.name);
    return resolveParameter(this.#template.parameters[name], parameters.get(name), `${this.name} Parameters.${name}`);
  }
}

function refuseResource(logicalId: string, place: string): never {
  throw problemAt(place, `a condition cannot refer to the resource ${logicalId}.`);
}
