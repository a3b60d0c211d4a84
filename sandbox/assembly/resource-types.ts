import rows from './resource-types.json' with { type: 'json' };

/** How AWS names the resources of one type. The formats are explained at `expandFormat`. */
export interface ResourceType {
  readonly name?: NameRule;
  /** What `Ref` gives. */
  readonly ref: string;
  readonly arn?: string;
  /** What `Fn::GetAtt` gives for each name; one with `when` exists only when that property is set. */
  readonly attributes: Readonly<Record<string, string | { readonly value: string; readonly when: string }>>;
}

/** Where a name comes from, and which names AWS takes. */
export interface NameRule {
  /** The property that holds the explicit name. Without one the name is always generated. */
  readonly property?: string;
  readonly required?: boolean;
  /** The longest name that the service takes, in characters. */
  readonly max?: number;
  /** A regular expression for the whole of an explicit name. */
  readonly pattern?: string;
  /** What a generated name starts with. @default '{stack}-{logicalId}' */
  readonly generated?: string;
  readonly lowerCase?: boolean;
  /** The boolean property that makes the name end in `.fifo`. */
  readonly fifo?: string;
}

const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = rows;

/**
 * The row of a resource type, or undefined when the sandbox does not know how AWS names it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
 */
export function resourceTypeOf(type: string): ResourceType | undefined {
  return Object.hasOwn(RESOURCE_TYPES, type) ? RESOURCE_TYPES[type] : undefined;
}
