/** How the text of a parameter becomes a value of its type, and what its type allows. */
export interface ParameterType {
  readonly kind: 'text' | 'list' | 'integer' | 'boolean' | 'map' | 'maps';
  /** What each text of a resource type looks like. */
  readonly form?: RegExp;
}

const INSTANCE_ID = /^(?:i-(?:[0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const FORMS: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::Instance::Id': INSTANCE_ID,
  'AWS::IAM::Role::Arn': ROLE_ARN,
  'AWS::S3::Bucket::Name': BUCKET_NAME,
};

const PRIMITIVES: Readonly<Record<string, ParameterType>> = {
  String: { kind: 'text' },
  StringList: { kind: 'list' },
  Integer: { kind: 'integer' },
  Boolean: { kind: 'boolean' },
  StringMap: { kind: 'map' },
  MapList: { kind: 'maps' },
};

/**
 * The type of a document's parameter by its name, undefined for one that does not exist.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export function parameterTypeOf(name: string): ParameterType | undefined {
  if (Object.hasOwn(PRIMITIVES, name)) return PRIMITIVES[name];
  const [, listed] = /^List<(.+)>$/.exec(name) ?? [];
  const form = FORMS[listed ?? name];
  return form && { kind: listed === undefined ? 'text' : 'list', form };
}

/** Command documents have these two alone. */
export const COMMAND_TYPES: readonly string[] = ['String', 'StringList'];
