import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { problemAt } from './assembly-error.ts';
import { isRecord, type Members, scalarText } from '../members.ts';
import type { Resource } from './resource.ts';

const SOURCES = ['DefinitionString', 'Definition', 'DefinitionS3Location'] as const;

/**
 * The definition of an `AWS::StepFunctions::StateMachine` as CloudFormation hands it to Step Functions: substitutions
 * are made again and again until none is left, a `${…}` without a substitution stays, a YAML file becomes JSON.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachine.html
 */
export function readDefinition(resource: Resource, assetPath: (resource: Resource) => string): string {
  const place = `${resource.stack}/${resource.logicalId} Properties`;
  if (resource.type !== 'AWS::StepFunctions::StateMachine')
    throw problemAt(place, `${resource.type} has no definition.`);
  const given = SOURCES.filter((source) => resource.properties[source] !== undefined);
  if (given.length !== 1)
    throw problemAt(place, `exactly one of ${SOURCES.join(', ')} is needed, not ${given.length}.`);
  const { DefinitionString: text, Definition: object, DefinitionSubstitutions: values = {} } = resource.properties;
  if (!isRecord(values)) throw problemAt(place, 'DefinitionSubstitutions is not a map.');
  const fill = (definition: string) => fillSubstitutions(definition, values, `${place}.DefinitionSubstitutions`);
  return given[0] === 'DefinitionS3Location'
    ? fromFile(assetPath(resource), fill, place)
    : fill(toText(text ?? object));
}

function toText(definition: unknown): string {
  return typeof definition === 'string' ? definition : JSON.stringify(definition, null, 2);
}

function fromFile(file: string, fill: (definition: string) => string, place: string): string {
  const definition = fill(readFileSync(file, 'utf8'));
  try {
    JSON.parse(definition);
    return definition;
  } catch (cause) {
    const parsed = parseAsYaml(definition);
    if (isRecord(parsed)) return JSON.stringify(parsed, null, 2);
    throw problemAt(place, `${file} is neither JSON nor YAML: ${String(cause)}`);
  }
}

function parseAsYaml(text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    return error instanceof Error ? undefined : error;
  }
}

function fillSubstitutions(definition: string, values: Members, place: string): string {
  let filled = definition;
  for (let pass = 0; pass <= Object.keys(values).length; pass += 1) {
    const next = fillOnce(filled, values, place);
    if (next === filled) return filled;
    filled = next;
  }
  throw problemAt(place, 'the substitutions name each other in a circle.');
}

function fillOnce(definition: string, values: Members, place: string): string {
  return definition.replaceAll(/\$\{([^{}]*)\}/g, (whole, key: string) => {
    if (!Object.hasOwn(values, key)) return whole;
    const text = scalarText(values[key]);
    if (text === undefined) throw problemAt(`${place}.${key}`, 'a substitution is a text.');
    return text;
  });
}
