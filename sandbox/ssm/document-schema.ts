import { z } from 'zod';

/** Parameter types of documents: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html */
const PARAMETER_TYPES = [
  'String',
  'StringList',
  'Integer',
  'Boolean',
  'MapList',
  'StringMap',
  'AWS::EC2::Instance::Id',
  'List<AWS::EC2::Instance::Id>',
  'AWS::IAM::Role::Arn',
  'AWS::S3::Bucket::Name',
] as const;

const parameterSchema = z.strictObject({
  type: z.enum(PARAMETER_TYPES),
  description: z.string().optional(),
  default: z.unknown().optional(),
  allowedValues: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  allowedPattern: z.string().optional(),
  displayType: z.enum(['textfield', 'textarea']).optional(),
  minItems: z.number().int().optional(),
  maxItems: z.number().int().optional(),
  minChars: z.number().int().optional(),
  maxChars: z.number().int().optional(),
  interpolationType: z.literal('ENV_VAR').optional(),
});

const truth = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const members = z.record(z.string(), z.unknown());
const stepName = z.string().regex(/^[a-zA-Z0-9_]{1,128}$/, 'A step name has 1 to 128 letters, digits and underscores.');

const stepMembers = z.strictObject({
  name: stepName,
  action: z.string(),
  description: z.string().optional(),
  inputs: members.default({}),
  outputs: z
    .array(
      z.strictObject({
        Name: z.string(),
        Selector: z.string(),
        Type: z.enum(['String', 'StringList', 'Integer', 'Boolean', 'StringMap', 'MapList']).default('String'),
      }),
    )
    .default([]),
  onFailure: z.string().default('Abort'),
  onCancel: z.string().default('Abort'),
  isCritical: truth.optional(),
  isEnd: truth.default(false),
  nextStep: z.string().optional(),
  maxAttempts: z.coerce.number().int().min(1).default(1),
  timeoutSeconds: z.coerce.number().int().min(1).optional(),
});

/**
 * A step of an Automation document. One that is to `Continue` on failure is not critical unless it says so:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html#critProp
 */
export const automationStepSchema = stepMembers.transform(({ isCritical, ...step }) => ({
  ...step,
  isCritical: isCritical ?? step.onFailure !== 'Continue',
}));

const variableSchema = z.strictObject({
  type: z.enum(['String', 'StringList', 'Integer', 'Boolean', 'StringMap', 'MapList']),
  description: z.string().optional(),
  default: z.unknown().optional(),
  allowedValues: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  allowedPattern: z.string().optional(),
  minItems: z.number().int().optional(),
  maxItems: z.number().int().optional(),
  minChars: z.number().int().optional(),
  maxChars: z.number().int().optional(),
});

/** The form of an Automation document: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-documents.html */
export const automationSchema = z.strictObject({
  schemaVersion: z.literal('0.3'),
  description: z.string().optional(),
  assumeRole: z.string().optional(),
  parameters: z.record(z.string(), parameterSchema).default({}),
  variables: z.record(z.string(), variableSchema).default({}),
  mainSteps: z.array(automationStepSchema).min(1),
  outputs: z.array(z.string()).default([]),
});

const commandStepSchema = z.strictObject({
  name: stepName,
  action: z.string(),
  inputs: z.strictObject({
    runCommand: z.union([z.string(), z.array(z.string()).min(1)]),
    timeoutSeconds: z.union([z.string(), z.number()]).optional(),
    workingDirectory: z.string().optional(),
  }),
});

/** The form of a Command document: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html */
export const commandSchema = z.strictObject({
  schemaVersion: z.literal('2.2'),
  description: z.string().optional(),
  parameters: z.record(z.string(), parameterSchema).default({}),
  mainSteps: z.array(commandStepSchema).min(1),
});

export type DocumentParameter = z.output<typeof parameterSchema>;
export type AutomationStep = z.output<typeof automationStepSchema>;
export type AutomationContent = z.output<typeof automationSchema>;
export type CommandContent = z.output<typeof commandSchema>;
