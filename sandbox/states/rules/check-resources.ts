import { shownName } from '../integrations/casing.ts';
import { isProblem, parseResource, requiredParameters, type TaskResource } from '../integrations/resource.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { MachineType } from '../machine.ts';
import { parseTimestamp } from '../timestamp.ts';
import { readExpression } from '../jsonata/expression.ts';
import { configOf, isDistributedSite } from './check-distributed.ts';
import { type Problem, schemaProblem, unsupportedProblem } from './problem.ts';
import { listStates, type ScopeSite, type StateSite } from './site.ts';

/** Checks what tasks call, and the timestamps that waits are given. */
export function checkResources(scope: ScopeSite, type: MachineType): readonly Problem[] {
  return listStates(scope).flatMap((site) => [...checkResource(site, type), ...checkTimestamp(site)]);
}

function checkResource(site: StateSite, type: MachineType): readonly Problem[] {
  const { Resource } = site.state;
  if (site.type !== 'Task' || typeof Resource !== 'string') return [];
  const path = `${site.path}/Resource`;
  const resource = parseResource(Resource);
  if (isProblem(resource)) {
    return [
      resource.kind === 'invalid' ? schemaProblem(path, resource.message) : unsupportedProblem(path, resource.message),
    ];
  }
  return [...checkExpress(path, resource, typeAround(site, type)), ...checkParameters(site, resource)];
}

/** Inside a distributed Map, the type of its child executions; else the machine's. */
function typeAround({ scope: { holder } }: StateSite, type: MachineType): MachineType {
  if (!holder) return type;
  if (!isDistributedSite(holder)) return typeAround(holder, type);
  return configOf(holder.state)['ExecutionType'] === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}

function checkExpress(path: string, resource: TaskResource, type: MachineType): readonly Problem[] {
  if (type !== 'EXPRESS' || resource.kind === 'function' || resource.pattern === 'request') return [];
  const shown = resource.pattern === 'token' ? '.waitForTaskToken' : '.sync';
  return [schemaProblem(path, `Express state machine does not support '${shown}' service integration`)];
}

/** Only parameters that are written out can be checked before they are made. */
function checkParameters(site: StateSite, resource: TaskResource): readonly Problem[] {
  if (resource.kind === 'function') return [];
  const field = site.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const given = site.state[field];
  if (!isObject(given)) return [];
  const names = Object.keys(given).map((name) => (site.language === 'JSONPath' ? name.replace(/\.\$$/, '') : name));
  return [
    ...missingParameters(`${site.path}/${field}`, names, resource),
    ...names
      .filter((name) => /^[a-z]/.test(name) || (resource.kind === 'sdk' && shownName(name) !== name))
      .map((name) => schemaProblem(`${site.path}/${field}`, `The field '${name}' is not supported by Step Functions`)),
  ];
}

function missingParameters(path: string, names: readonly string[], resource: TaskResource): readonly Problem[] {
  if (resource.kind !== 'optimized') return [];
  return requiredParameters(`${resource.service}:${resource.action}`)
    .filter((name) => !names.includes(name))
    .map((name) => schemaProblem(path, `The field '${name}' is required but was missing`));
}

function checkTimestamp({ type, state, path }: StateSite): readonly Problem[] {
  const text = timestampOf(type, state);
  if (text === undefined || parseTimestamp(text) !== undefined) return [];
  return [schemaProblem(`${path}/Timestamp`, 'String does not match RFC3339 timestamp')];
}

function timestampOf(type: string, state: JsonObject): string | undefined {
  const { Timestamp } = state;
  if (type !== 'Wait' || typeof Timestamp !== 'string') return undefined;
  return readExpression(Timestamp) === undefined ? Timestamp : undefined;
}
