import { UnsupportedInSandboxError } from '../aws.ts';
import { problemAt } from './assembly-error.ts';
import { isRecord, type Members } from '../members.ts';

/** One resource as a template declares it, before anything is resolved. */
export interface ResourceDeclaration {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Members;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly metadata: Members;
}

/** One CloudFormation template, its shape checked, nothing resolved. */
export interface Template {
  readonly stackName: string;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly parameters: Members;
  readonly conditions: Members;
  readonly mappings: Members;
  readonly outputs: Members;
}

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
];
const ALL_SECTIONS = new Set([...SECTIONS, 'Transform', 'Resources', 'Outputs']);
const RESOURCE_KEYS = new Set(
  'Type Properties DependsOn Condition Metadata DeletionPolicy UpdateReplacePolicy CreationPolicy UpdatePolicy'.split(
    ' ',
  ),
);
// The CDK's own rule checks the bootstrap stack of a real account, which is nothing that a sandbox has.
const IGNORED_RULES = new Set(['CheckBootstrapVersion']);
const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';

/**
 * Checks the shape of a template as CloudFormation does before it creates anything. Throws an `AssemblyError`, or an
 * `UnsupportedInSandboxError` for macros (other than `AWS::LanguageExtensions`) and for rules.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate(json: unknown, stackName: string): Template {
  if (!isRecord(json)) throw problemAt(stackName, 'the template is not an object.');
  for (const section of Object.keys(json)) {
    if (!ALL_SECTIONS.has(section)) throw problemAt(stackName, `the template has an unknown section ${section}.`);
  }
  refuseMacros(json['Transform'], stackName);
  refuseRules(sectionOf(json, 'Rules', stackName), stackName);
  const resources = Object.entries(sectionOf(json, 'Resources', stackName));
  if (resources.length === 0) throw problemAt(stackName, 'the template has no resources.');
  return {
    stackName,
    resources: new Map(resources.map(([id, value]) => [id, parseResource(id, value, stackName)])),
    parameters: sectionOf(json, 'Parameters', stackName),
    conditions: sectionOf(json, 'Conditions', stackName),
    mappings: sectionOf(json, 'Mappings', stackName),
    outputs: sectionOf(json, 'Outputs', stackName),
  };
}

function sectionOf(json: Members, section: string, stackName: string): Members {
  const value = json[section] ?? {};
  if (!isRecord(value)) throw problemAt(stackName, `the section ${section} is not an object.`);
  return value;
}

function refuseMacros(transform: unknown, stackName: string): void {
  const macros = [transform].flat().filter((macro) => macro !== undefined && macro !== LANGUAGE_EXTENSIONS);
  if (macros.length > 0)
    throw new UnsupportedInSandboxError(`the macro ${JSON.stringify(macros[0])} of the stack ${stackName}`);
}

function refuseRules(rules: Members, stackName: string): void {
  const rule = Object.keys(rules).find((name) => !IGNORED_RULES.has(name));
  if (rule) throw new UnsupportedInSandboxError(`template rules, such as ${rule} of the stack ${stackName}`);
}

function parseResource(logicalId: string, value: unknown, stackName: string): ResourceDeclaration {
  const place = `${stackName}/${logicalId}`;
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) throw problemAt(place, 'a logical id is 1 to 255 letters and digits.');
  if (!isRecord(value) || typeof value['Type'] !== 'string') throw problemAt(place, 'the resource has no Type.');
  const unknown = Object.keys(value).find((key) => !RESOURCE_KEYS.has(key));
  if (unknown) throw problemAt(place, `the resource has an unknown attribute ${unknown}.`);
  const { Type: type, Properties: properties = {}, Condition: condition, Metadata: metadata = {} } = value;
  if (!isRecord(properties)) throw problemAt(place, 'Properties is not an object.');
  if (condition !== undefined && typeof condition !== 'string') throw problemAt(place, 'Condition is not a name.');
  const dependsOn = [value['DependsOn'] ?? []].flat().map(String);
  return { logicalId, type, properties, dependsOn, condition, metadata: isRecord(metadata) ? metadata : {} };
}
