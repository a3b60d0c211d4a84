import type { Json, JsonObject } from '../../states/json.ts';

/** A parameter that a document declares. */
export interface ParameterDefinition {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly default?: Json;
  readonly allowedValues?: readonly Json[];
  readonly allowedPattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minChars?: number;
  readonly maxChars?: number;
  /** How the value reaches a script: pasted into the text, or in an environment variable. */
  readonly interpolationType?: 'ENV_VAR';
}

/** An output that a step takes from the answer of its action. */
export interface OutputDefinition {
  readonly name: string;
  readonly selector: string;
  readonly type: string;
}

/** A step of a runbook. Timeouts in seconds. */
export interface AutomationStep {
  readonly name: string;
  readonly action: string;
  readonly inputs: JsonObject;
  readonly outputs: readonly OutputDefinition[];
  /** `Abort`, `Continue` or `step:<name>`. */
  readonly onFailure: string;
  /** `Abort` or `step:<name>`. */
  readonly onCancel: string;
  readonly isCritical: boolean;
  readonly isEnd: boolean;
  readonly nextStep?: string;
  readonly maxAttempts: number;
  readonly timeoutSeconds?: number;
}

/** A step of a command document. */
export interface CommandStep {
  readonly name: string;
  readonly action: string;
  readonly inputs: JsonObject;
  readonly precondition?: JsonObject;
}

interface DocumentHead {
  readonly name: string;
  /** `self` of the account, `Amazon` for those of AWS. */
  readonly owner: string;
  readonly format: 'JSON' | 'YAML';
  /** The content as text. */
  readonly text: string;
  readonly schemaVersion: string;
  readonly description?: string;
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
}

/** A runbook: a document of type Automation. */
export interface AutomationDocument extends DocumentHead {
  readonly documentType: 'Automation';
  readonly assumeRole?: string;
  readonly variables: ReadonlyMap<string, { readonly type: string; readonly default?: Json }>;
  readonly steps: readonly AutomationStep[];
  readonly outputs: readonly string[];
}

/** A document of type Command. */
export interface CommandDocument extends DocumentHead {
  readonly documentType: 'Command';
  readonly steps: readonly CommandStep[];
}

/** A document that was checked. */
export type SsmDocument = AutomationDocument | CommandDocument;
