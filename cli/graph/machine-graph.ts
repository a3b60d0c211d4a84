import { asText, isObject, type JsonObject } from '../../sandbox/states/json.ts';
import { asArray, type ScopeSite, type StateSite } from '../../sandbox/states/rules/site.ts';

/** What a state is to whoever reads the picture. */
export type NodeKind =
  | 'start'
  | 'task'
  | 'remediate'
  | 'person'
  | 'choice'
  | 'pass'
  | 'wait'
  | 'parallel'
  | 'join'
  | 'fail'
  | 'end';

export interface GraphNode {
  /** Unique in the graph. */
  readonly id: string;
  readonly kind: NodeKind;
  /** The state's name, or how it ends. */
  readonly title: string;
  /** What it does, in lines. */
  readonly lines: readonly string[];
  /** The Parallel or Map that it belongs to. */
  readonly group?: string;
  /** The Parallel or Map whose branches meet here. */
  readonly joins?: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `failure`: by a Catch. */
  readonly kind: 'step' | 'failure';
  readonly label?: string;
}

/** A state machine as a graph of what people see. */
export interface MachineGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What the picture says beyond the definition. */
export interface GraphWords {
  /** Name of the document that `remediate` runs; undefined where the runbook changes nothing. */
  readonly document?: string | undefined;
  /** How a repair ends that did what it should. */
  readonly goodEnd?: 'recovered' | 'contained';
}

/** Makes the graph of a definition. */
export function machineGraph(machine: ScopeSite, words: GraphWords = {}): MachineGraph {
  const nodes: GraphNode[] = [{ id: 'start', kind: 'start', title: 'Start', lines: [] }];
  const edges: GraphEdge[] = [];
  addScope(machine, undefined, { nodes, edges, words });
  const first = machine.body['StartAt'];
  if (typeof first === 'string') edges.unshift({ from: 'start', to: idOf(machine, first), kind: 'step' });
  return { nodes, edges };
}

interface Building {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
  readonly words: GraphWords;
}

function addScope(scope: ScopeSite, group: string | undefined, building: Building): void {
  for (const site of scope.states) {
    building.nodes.push({ ...nodeOf(site, building.words), ...(group !== undefined && { group }) });
    addInner(site, building);
    addEdges(site, building);
  }
}

/** The branches of a Parallel, or the body of a Map, begin at it and meet behind it. */
function addInner(site: StateSite, building: Building): void {
  if (site.inner.length === 0) return;
  const id = idOf(site.scope, site.name);
  building.nodes.push({ id: joinOf(id), kind: 'join', title: '', lines: [], group: id, joins: site.name });
  for (const scope of site.inner) {
    addScope(scope, id, building);
    const first = scope.body['StartAt'];
    if (typeof first === 'string')
      building.edges.push({
        from: id,
        to: idOf(scope, first),
        kind: 'step',
        ...(site.type === 'Map' && { label: 'for each' }),
      });
  }
}

function addEdges(site: StateSite, { nodes, edges, words }: Building): void {
  const { scope, state } = site;
  const id = idOf(scope, site.name);
  const from = site.inner.length > 0 ? joinOf(id) : id;
  const to = (name: string) => idOf(scope, name);
  const choices = asArray(state['Choices']).filter(isObject);
  for (const [index, choice] of choices.entries())
    edges.push({
      from,
      to: to(asText(choice['Next'])),
      kind: 'step',
      label: labelOf(choice, scope, index, choices.length),
    });
  if (typeof state['Default'] === 'string')
    edges.push({ from, to: to(state['Default']), kind: 'step', label: 'otherwise' });
  if (typeof state['Next'] === 'string') edges.push({ from, to: to(state['Next']), kind: 'step' });
  if (state['End'] === true || site.type === 'Succeed') {
    const end = scope.holder ? joinOf(idOf(scope.holder.scope, scope.holder.name)) : `${id} end`;
    if (!scope.holder) nodes.push({ id: end, kind: 'end', title: outcomeOf(state, words), lines: [] });
    edges.push({ from, to: end, kind: 'step' });
  }
  const caught = asArray(state['Catch']).filter(isObject);
  for (const entry of caught)
    edges.push({ from: id, to: to(asText(entry['Next'])), kind: 'failure', label: errorsOf(entry) });
}

function nodeOf({ scope, name, type, state }: StateSite, words: GraphWords): GraphNode {
  const id = idOf(scope, name);
  const given = isObject(state['Arguments']) ? state['Arguments'] : {};
  switch (type) {
    case 'Task':
      return { id, title: name, ...taskOf(asText(state['Resource']), given, words) };
    case 'Choice':
      return { id, kind: 'choice', title: name, lines: [] };
    case 'Wait':
      return { id, kind: 'wait', title: name, lines: [`waits ${asText(state['Seconds'] ?? state['Timestamp'])}`] };
    case 'Fail':
      return { id, kind: 'fail', title: name, lines: ['fails'] };
    case 'Parallel':
      return { id, kind: 'parallel', title: name, lines: ['all at once'] };
    case 'Map':
      return { id, kind: 'parallel', title: name, lines: ['for each of several'] };
    default:
      return { id, kind: 'pass', title: name, lines: [] };
  }
}

function taskOf(resource: string, given: JsonObject, { document }: GraphWords): Pick<GraphNode, 'kind' | 'lines'> {
  const payload = isObject(given['Payload']) ? given['Payload'] : {};
  switch (given['FunctionName'] ?? given['StateMachineArn'] ?? given['TopicArn']) {
    case '${CallPersonFunctionArn}':
      return { kind: 'person', lines: ['calls a person'] };
    case '${HighUrgencyTopicArn}':
      return { kind: 'person', lines: ['tells people directly'] };
    case '${RemediateMachineArn}':
      return { kind: 'remediate', lines: ['guards, runs, proves', ...(document ? [document] : [])] };
    case '${RunCommandFunctionArn}':
      return { kind: 'task', lines: ['runs a command that only looks', asText(payload['document'])] };
    case '${DiagnoseFunctionArn}': {
      const names = asArray(payload['diagnostics']).map((entry) => asText(isObject(entry) ? entry['name'] : entry));
      return { kind: 'task', lines: names.length > 0 ? names : ['records what was found'] };
    }
    default: {
      const [, service = '', operation = ''] = /:aws-sdk:(\w+):(\w+)/.exec(resource) ?? [];
      return { kind: 'task', lines: [service ? `reads ${service}: ${operation}` : resource] };
    }
  }
}

function labelOf({ Comment: comment, Next: next }: JsonObject, scope: ScopeSite, index: number, count: number): string {
  if (typeof comment === 'string') return comment;
  const target = scope.states.find(({ name }) => name === next)?.state['Arguments'];
  if (isObject(target) && target['StateMachineArn'] === '${RemediateMachineArn}') return 'may act';
  return count === 1 ? 'yes' : `case ${index + 1}`;
}

function errorsOf({ ErrorEquals: errors }: JsonObject): string {
  const names = asArray(errors).map((name) => asText(name));
  return names.includes('States.ALL') ? 'fails' : names.map((name) => name.replace(/^States\./, '')).join(', ');
}

/** How a runbook ends, as far as its text says. */
function outcomeOf(state: JsonObject, { goodEnd = 'recovered' }: GraphWords): string {
  const output = asText(state['Output']);
  const written = /'outcome':\s*'([\w-]+)'/.exec(output)?.[1];
  return written ?? (output.includes('outcome') ? `${goodEnd}, or needs-human` : 'end');
}

function joinOf(id: string): string {
  return `${id} join`;
}

/** Branches may use one name twice. */
function idOf({ path }: ScopeSite, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
