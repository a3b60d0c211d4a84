import type { GraphEdge, GraphNode, MachineGraph, NodeKind } from './machine-graph.ts';

/** What of a graph was rehearsed. */
export interface Rehearsed {
  /** Names of the states that rehearsals enter, rehearsal by rehearsal. */
  readonly paths: readonly (readonly string[])[];
  /** Lines below the picture, such as the coverage. */
  readonly caption: readonly string[];
}

/** Colours that are told apart on the picture's own light ground, whatever page it lies on. */
const colours = {
  ground: '#fcfcfd',
  text: '#1f2328',
  quiet: '#59636e',
  line: '#6e7781',
  rehearsed: '#1a7f37',
  failure: '#bc4c00',
} as const;

const looks: Readonly<Record<NodeKind, string>> = {
  start: 'shape=circle, style=filled, fillcolor="#1f2328", color="#1f2328", width=0.16, fixedsize=true',
  task: 'shape=box, style="rounded,filled", fillcolor="#ddf4ff", color="#0969da"',
  remediate: 'shape=box, style="rounded,filled", fillcolor="#fff8c5", color="#9a6700", penwidth=3',
  person: 'shape=box, style="rounded,filled", fillcolor="#fbefff", color="#8250df"',
  choice: 'shape=diamond, style=filled, fillcolor="#f6f8fa", color="#59636e", margin="0.14,0.04"',
  pass: 'shape=box, style=filled, fillcolor="#f6f8fa", color="#59636e"',
  wait: 'shape=hexagon, style=filled, fillcolor="#f6f8fa", color="#59636e"',
  parallel: 'shape=invhouse, style=filled, fillcolor="#f6f8fa", color="#59636e"',
  join: 'shape=point, width=0.1, color="#59636e"',
  fail: 'shape=octagon, style=filled, fillcolor="#ffebe9", color="#cf222e"',
  end: 'shape=box, style="rounded,filled", peripheries=2, fillcolor="#ffffff", color="#1f2328", height=0.3',
};

/** Writes a graph in the language of Graphviz. https://graphviz.org/doc/info/lang.html */
export function machineDot({ nodes, edges }: MachineGraph, title: string, { paths, caption }: Rehearsed): string {
  const steps = rehearsedSteps(paths, nodes, edges);
  const entered = new Set(paths.flat());
  const groups = [...new Set(nodes.flatMap(({ group }) => group ?? []))];
  const isTop = (node: GraphNode) => node.group === undefined && !groups.includes(node.id);
  return [
    `digraph ${quote(title)} {`,
    `  bgcolor="${colours.ground}"; rankdir=TB; nodesep=0.45; ranksep=0.42; pad=0.25; splines=spline;`,
    `  label=<${caption.map((line) => `${font(line, 10, colours.quiet)}<BR ALIGN="LEFT"/>`).join('')}>; labelloc=b; labeljust=l;`,
    `  fontname="Helvetica"; node [fontname="Helvetica", fontcolor="${colours.text}", margin="0.32,0.12", penwidth=1.4];`,
    `  edge [fontname="Helvetica", fontsize=10, color="${colours.line}", fontcolor="${colours.quiet}", arrowsize=0.75];`,
    ...nodes.filter(isTop).map((node) => `  ${nodeLine(node, entered)}`),
    ...groups.flatMap((group, index) => groupLines(group, index, nodes, entered)),
    ...edges.map((edge) => `  ${edgeLine(edge, isTaken(edge, edges, steps))}`),
    '}',
    '',
  ].join('\n');
}

function groupLines(group: string, index: number, nodes: readonly GraphNode[], entered: ReadonlySet<string>): string[] {
  const members = nodes.filter((node) => node.id === group || node.group === group);
  return [
    `  subgraph cluster_${index} {`,
    `    style="rounded,dashed"; color="${colours.line}"; label="";`,
    ...members.map((node) => `    ${nodeLine(node, entered)}`),
    '  }',
  ];
}

function nodeLine({ id, kind, title, lines }: GraphNode, entered: ReadonlySet<string>): string {
  if (kind === 'start' || kind === 'join') return `${quote(id)} [label="", ${looks[kind]}];`;
  const isUnrehearsed = kind !== 'end' && !entered.has(title);
  const rows = [
    `<B>${escapeText(title)}</B>`,
    ...lines.map((line) => font(line, 10, colours.quiet)),
    ...(isUnrehearsed ? [font('in no rehearsal', 10, colours.failure)] : []),
  ];
  const label = kind === 'end' ? font(title, 11, colours.text) : rows.join('<BR/>');
  return `${quote(id)} [label=<${label}>, tooltip=${quote(title)}, ${looks[kind]}];`;
}

/** Where success and failure lead to the same state, a path does not tell one from the other: then it was success. */
function isTaken({ from, to, kind }: GraphEdge, edges: readonly GraphEdge[], steps: ReadonlySet<string>): boolean {
  const hasOther = edges.some((edge) => edge.from === from && edge.to === to && edge.kind === 'step');
  return steps.has(stepOf(from, to)) && (kind === 'step' || !hasOther);
}

function edgeLine({ from, to, kind, label }: GraphEdge, isRehearsed: boolean): string {
  const colour = isRehearsed ? colours.rehearsed : kind === 'failure' ? colours.failure : colours.line;
  const look = [
    `color="${colour}"`,
    `penwidth=${isRehearsed ? 2.4 : 1.2}`,
    ...(kind === 'failure' ? ['style=dashed', `fontcolor="${colours.failure}"`] : []),
    ...(label ? [`label=${quote(wrap(label).join('\n'))}`] : []),
    `tooltip=${quote(`${from} → ${to}`)}`,
  ];
  return `${quote(from)} -> ${quote(to)} [${look.join(', ')}];`;
}

/** The steps that some rehearsal takes, into its first state and out of its last among them. */
function rehearsedSteps(
  paths: readonly (readonly string[])[],
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): ReadonlySet<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const taken = edges.filter((edge) => paths.some((path) => isStepOf(path, edge, byId)));
  return new Set(taken.map(({ from, to }) => stepOf(from, to)));
}

function isStepOf(path: readonly string[], { from, to }: GraphEdge, nodes: ReadonlyMap<string, GraphNode>): boolean {
  const [before, after] = [nodes.get(from), nodes.get(to)];
  if (from === 'start') return path[0] === after?.title;
  if (after?.kind === 'end') return path.at(-1) === before?.title;
  // Branches run side by side: in a path their states stand between one another.
  if (before?.group !== undefined || after?.group !== undefined)
    return path.includes(before?.joins ?? before?.title ?? '') && path.includes(after?.joins ?? after?.title ?? '');
  return path.some((name, index) => name === before?.title && path[index + 1] === after?.title);
}

function stepOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/** Long labels in lines of about 28 characters, with room beside the arrow. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 28) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `   ${line}   `);
}

function font(text: string, points: number, colour: string): string {
  return `<FONT POINT-SIZE="${points}" COLOR="${colour}">${escapeText(text)}</FONT>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
