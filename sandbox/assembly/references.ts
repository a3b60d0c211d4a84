import { problemAt } from './assembly-error.ts';
import { isRecord, scalarText } from '../members.ts';
import { isPseudoParameter } from './pseudo-parameters.ts';
import { variablesOf } from './substitute.ts';
import type { Template } from './template.ts';

/**
 * Refuses a reference to a resource, parameter or condition that the template does not have, also where a condition
 * leaves it unused: CloudFormation refuses such a template as a whole. Gives one problem for each.
 */
export function findUnknownReferences(template: Template): readonly Error[] {
  const problems: Error[] = [];
  const report = (place: string, what: string) => problems.push(problemAt(place, what));
  for (const { logicalId, properties, dependsOn, condition } of template.resources.values()) {
    const place = `${template.stackName}/${logicalId}`;
    walk(properties, `${place} Properties`, template, report);
    for (const id of dependsOn)
      if (!template.resources.has(id)) report(place, `DependsOn names ${id}, which is no resource.`);
    if (condition !== undefined) checkCondition(condition, place, template, report);
  }
  walk(template.outputs, `${template.stackName} Outputs`, template, report);
  return problems;
}

type Report = (place: string, what: string) => void;

function walk(value: unknown, place: string, template: Template, report: Report): void {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) walk(item, `${place}[${index}]`, template, report);
  if (!isRecord(value)) return;
  const keys = Object.keys(value);
  if (keys.length === 1) checkIntrinsic(`${keys[0]}`, value[`${keys[0]}`], place, template, report);
  for (const key of keys) walk(value[key], `${place}.${key}`, template, report);
}

function checkIntrinsic(name: string, argument: unknown, place: string, template: Template, report: Report): void {
  const [first, second] = Array.isArray(argument) ? argument : [argument];
  const text = scalarText(first);
  if (text === undefined) return;
  if (name === 'Ref') checkName(text, place, template, report);
  if (name === 'Fn::GetAtt') checkResource(text.split('.')[0] ?? '', place, template, report);
  if (name === 'Fn::If') checkCondition(text, place, template, report);
  if (name === 'Fn::Sub') checkVariables(text, second, place, template, report);
}

function checkVariables(text: string, given: unknown, place: string, template: Template, report: Report): void {
  for (const variable of variablesOf(text)) {
    if (isRecord(given) && Object.hasOwn(given, variable)) continue;
    const [name = '', ...attribute] = variable.split('.');
    if (attribute.length > 0) checkResource(name, place, template, report);
    else checkName(name, place, template, report);
  }
}

function checkName(name: string, place: string, template: Template, report: Report): void {
  if (template.resources.has(name) || Object.hasOwn(template.parameters, name) || isPseudoParameter(name)) return;
  report(place, `there is no resource or parameter ${name}.`);
}

function checkResource(logicalId: string, place: string, template: Template, report: Report): void {
  if (!template.resources.has(logicalId)) report(place, `there is no resource ${logicalId}.`);
}

function checkCondition(name: string, place: string, template: Template, report: Report): void {
  if (!Object.hasOwn(template.conditions, name)) report(place, `there is no condition ${name}.`);
}
