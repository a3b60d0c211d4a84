import { countCharacters, isObject, type Json, type JsonObject } from '../json.ts';
import { MAX_NAME_LENGTH, MAX_SECONDS } from '../limits.ts';
import { checkForm } from './field-form.ts';
import { type Problem, schemaProblem, unsupportedProblem, unknownFields } from './problem.ts';
import { asArray, listScopes, listStates, type ScopeSite, type StateSite } from './site.ts';
import { ALTERNATIVES, STATE_FIELDS } from './state-fields.ts';

const BODY_FIELDS: Readonly<Record<ScopeSite['kind'], readonly string[]>> = {
  machine: ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'],
  branch: ['Comment', 'StartAt', 'States'],
  processor: ['Comment', 'StartAt', 'States', 'ProcessorConfig'],
};

/** Checks that the machine, its branches and its states have the fields they need and no others. */
export function checkFields(scope: ScopeSite): readonly Problem[] {
  return [...listScopes(scope).flatMap(checkBody), ...listStates(scope).flatMap(checkState)];
}

function checkBody(scope: ScopeSite): readonly Problem[] {
  const { body, path, kind } = scope;
  const missing = ['States', 'StartAt'].filter((name) => body[name] === undefined);
  return [
    ...(missing.length > 0 ? [schemaProblem(path || '/', `These fields are required: [${missing.join(', ')}]`)] : []),
    ...unknownFields(path, body, BODY_FIELDS[kind]),
    ...checkMembers(path, body),
    ...checkStates(scope),
    ...checkProcessorConfig(`${path}/ProcessorConfig`, body['ProcessorConfig']),
  ];
}

function checkMembers(path: string, body: JsonObject): readonly Problem[] {
  const { Comment, QueryLanguage, StartAt, TimeoutSeconds, Version } = body;
  return [
    ...(Comment === undefined ? [] : checkForm(`${path}/Comment`, Comment, 'string', false)),
    ...(StartAt === undefined ? [] : checkForm(`${path}/StartAt`, StartAt, 'string', false)),
    ...(Version === undefined || Version === '1.0' ? [] : [schemaProblem(`${path}/Version`, "Version must be '1.0'")]),
    ...(TimeoutSeconds === undefined
      ? []
      : checkForm(`${path}/TimeoutSeconds`, TimeoutSeconds, 'positive-integer', false)),
    ...checkLanguage(`${path}/QueryLanguage`, QueryLanguage),
  ];
}

function checkLanguage(path: string, value: Json | undefined): readonly Problem[] {
  if (value === undefined || value === 'JSONata' || value === 'JSONPath') return [];
  return [schemaProblem(path, "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]")];
}

function checkStates({ body, path }: ScopeSite): readonly Problem[] {
  const states = body['States'];
  if (states === undefined) return [];
  if (!isObject(states)) return checkForm(`${path}/States`, states, 'object', false);
  const members = Object.entries(states);
  if (members.length === 0) return [schemaProblem(`${path}/States`, 'Value cannot be empty')];
  return members.flatMap(([name, state]) => [
    ...(countCharacters(name) > MAX_NAME_LENGTH || name === ''
      ? [schemaProblem(`${path}/States/${name}`, `State names have 1 to ${MAX_NAME_LENGTH} characters`)]
      : []),
    ...(isObject(state) ? [] : checkForm(`${path}/States/${name}`, state, 'object', false)),
  ]);
}

function checkProcessorConfig(path: string, config: Json | undefined): readonly Problem[] {
  if (config === undefined) return [];
  if (!isObject(config)) return checkForm(path, config, 'object', false);
  const { Mode, ExecutionType } = config;
  return [
    ...(Mode === undefined || Mode === 'INLINE' || Mode === 'DISTRIBUTED'
      ? []
      : [schemaProblem(`${path}/Mode`, "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]")]),
    ...(Mode === 'DISTRIBUTED' ? checkExecutionType(path, ExecutionType) : []),
    ...(Mode === 'DISTRIBUTED' || ExecutionType === undefined
      ? []
      : [schemaProblem(`${path}/ExecutionType`, "Field 'ExecutionType' is only supported in DISTRIBUTED mode")]),
    ...unknownFields(path, config, ['Mode', 'ExecutionType']),
  ];
}

function checkExecutionType(path: string, value: Json | undefined): readonly Problem[] {
  if (value === 'STANDARD' || value === 'EXPRESS') return [];
  if (value === undefined) return [schemaProblem(path, 'These fields are required: [ExecutionType]')];
  const message = "The field 'ExecutionType' should have one of these values: [STANDARD, EXPRESS]";
  return [schemaProblem(`${path}/ExecutionType`, message)];
}

const TYPES = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'];

function checkState(site: StateSite): readonly Problem[] {
  const { state, path, type } = site;
  const fields = Object.hasOwn(STATE_FIELDS, type) ? STATE_FIELDS[type] : undefined;
  if (!fields) {
    if (state['Type'] === undefined) return [schemaProblem(path, 'These fields are required: [Type]')];
    return [schemaProblem(`${path}/Type`, `The field 'Type' should have one of these values: [${TYPES.join(', ')}]`)];
  }
  return [
    ...Object.entries(state).flatMap(([name, value]) => checkField(site, name, value)),
    ...checkDowngrade(site),
    ...ALTERNATIVES.flatMap((names) => checkAlternative(site, names)),
    ...checkNeeds(site),
  ];
}

function checkField(site: StateSite, name: string, value: Json): readonly Problem[] {
  const { path, type, language } = site;
  const fields = STATE_FIELDS[type] ?? {};
  const [form, wanted] = (Object.hasOwn(fields, name) ? fields[name] : undefined) ?? [];
  if (!form) return [schemaProblem(`${path}/${name}`, `Field '${name}' is not supported`)];
  if (wanted !== 'both' && wanted !== language) {
    const message = `The QueryLanguage is set to '${language}', but field '${name}' is only supported for the '${wanted}' QueryLanguage`;
    return [schemaProblem(`${path}/${name}`, message)];
  }
  if (name === 'QueryLanguage') return checkLanguage(`${path}/QueryLanguage`, value);
  if (name === 'Credentials') return [unsupportedProblem(`${path}/${name}`, `the field ${name}`)];
  return checkForm(`${path}/${name}`, value, form, language === 'JSONata');
}

function checkDowngrade({ scope, state, path }: StateSite): readonly Problem[] {
  let machine = scope;
  while (machine.holder) machine = machine.holder.scope;
  if (machine.body['QueryLanguage'] !== 'JSONata' || state['QueryLanguage'] !== 'JSONPath') return [];
  const message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
  return [schemaProblem(`${path}/QueryLanguage`, message)];
}

function checkAlternative({ state, path }: StateSite, names: readonly string[]): readonly Problem[] {
  const present = names.filter((name) => state[name] !== undefined && !(name === 'End' && state[name] === false));
  return present.length > 1
    ? [schemaProblem(path, `Only one of these fields is allowed: [${present.join(', ')}]`)]
    : [];
}

function checkNeeds(site: StateSite): readonly Problem[] {
  switch (site.type) {
    case 'Task':
      return [...need(site, 'Resource'), ...checkHeartbeat(site)];
    case 'Parallel':
      return [...need(site, 'Branches'), ...checkFilled(site, 'Branches'), ...checkBranches(site)];
    case 'Choice':
      return [...need(site, 'Choices'), ...checkFilled(site, 'Choices')];
    case 'Map':
      return site.state['Iterator'] === undefined ? need(site, 'ItemProcessor') : [];
    case 'Wait':
      return checkWait(site);
    default:
      return [];
  }
}

function need({ state, path }: StateSite, name: string): readonly Problem[] {
  return state[name] === undefined ? [schemaProblem(path, `These fields are required: [${name}]`)] : [];
}

function checkFilled({ state, path }: StateSite, name: string): readonly Problem[] {
  const value = state[name];
  return Array.isArray(value) && value.length === 0 ? [schemaProblem(`${path}/${name}`, 'Value cannot be empty')] : [];
}

function checkBranches({ state, path }: StateSite): readonly Problem[] {
  return asArray(state['Branches']).flatMap((branch, index) =>
    checkForm(`${path}/Branches[${index}]`, branch, 'object', false),
  );
}

function checkHeartbeat({ state, path }: StateSite): readonly Problem[] {
  const { HeartbeatSeconds, TimeoutSeconds = MAX_SECONDS } = state;
  if (typeof HeartbeatSeconds !== 'number' || typeof TimeoutSeconds !== 'number') return [];
  if (HeartbeatSeconds < TimeoutSeconds) return [];
  return [schemaProblem(`${path}/HeartbeatSeconds`, 'HeartbeatSeconds must be smaller than TimeoutSeconds')];
}

const WAITS = ['Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath'];

function checkWait({ state, path }: StateSite): readonly Problem[] {
  const present = WAITS.filter((name) => state[name] !== undefined);
  if (present.length === 1) return [];
  return [schemaProblem(path, `Exactly one of these fields is required: [${WAITS.join(', ')}]`)];
}
