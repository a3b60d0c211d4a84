import { readFileSync } from 'node:fs';
import { parseJson } from '../json.ts';

/** A service as AWS SDK integrations call it. */
export interface SdkService {
  /** The name of the SDK client package without `client-`. */
  readonly client: string;
  /** What error names of the service begin with. */
  readonly prefix: string;
  /** True when the SDK's members are camelCase, which Step Functions turns into PascalCase. */
  readonly camel?: boolean;
  /** What members of the API begin with in capitals, of which Step Functions shows the first alone as one. */
  readonly acronyms?: readonly string[];
}

let services: Readonly<Record<string, SdkService>> | undefined;
let modeled: Readonly<Record<string, readonly string[]>> | undefined;

/** The service behind `arn:aws:states:::aws-sdk:<name>:…`, or `undefined` for one that the sandbox has not heard of. */
export function findSdkService(name: string): SdkService | undefined {
  services ??= readTable('./sdk-services.json') as Readonly<Record<string, SdkService>>;
  return Object.hasOwn(services, name) ? services[name] : undefined;
}

/** The errors that a service's API model names, or `undefined` when they are not known here. */
export function modeledErrorsOf(client: string): readonly string[] | undefined {
  modeled ??= readTable('./modeled-errors.json') as Readonly<Record<string, readonly string[]>>;
  return Object.hasOwn(modeled, client) ? modeled[client] : undefined;
}

function readTable(file: string): unknown {
  return parseJson(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
