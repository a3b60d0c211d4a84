import { readLock } from '../../infra/certificates.ts';
import { rehearsalsOf, type RunbookSource } from '../../validation/runbook-source.ts';
import { machineDot, type Rehearsed } from './machine-dot.ts';
import { machineGraph } from './machine-graph.ts';

/** Raised for a runbook of which no picture can be made. */
export class NothingToDrawError extends Error {
  override readonly name = 'NothingToDrawError' as const;

  constructor(id: string) {
    super(`${id} has no definition.asl.json that can be read. Run: handsoff validate ${id}`);
  }
}

/** Draws the state machine of a runbook as SVG: the same picture for the same folder. */
export async function drawRunbook(source: RunbookSource): Promise<string> {
  const { id } = source;
  if (!source.machine) throw new NothingToDrawError(id);
  const { document, contains } = source.settings?.remediation ?? {};
  const graph = machineGraph(source.machine, { document, goodEnd: contains ? 'contained' : 'recovered' });
  const dot = machineDot(graph, id, rehearsedOf(source));
  const { instance } = await import('@viz-js/viz');
  const svg = (await instance()).renderString(dot, { format: 'svg', engine: 'dot' });
  return svg
    .slice(svg.indexOf('<svg'))
    .replace(/<!--.*?-->\n?/gs, '')
    .replaceAll('&#45;', '-')
    .replace(/<g id="[^"]*" class="node">.*?<\/g>\n(?=<g|<\/g>)/gs, centreText);
}

/**
 * Graphviz begins lines of several sizes where they would begin in a font that it knows. Centred in their box, they are
 * in the middle of it in whatever font there is.
 */
function centreText(node: string): string {
  const shape = /<(?:path|polygon)[^>]* (?:d|points)="([^"]*)"/.exec(node)?.[1] ?? '';
  const across = [...shape.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x));
  if (across.length === 0) return node;
  const middle = ((Math.min(...across) + Math.max(...across)) / 2).toFixed(2);
  return node.replace(/text-anchor="start" x="[^"]*"/g, `text-anchor="middle" x="${middle}"`);
}

function rehearsedOf(source: RunbookSource): Rehearsed {
  const paths = rehearsalsOf(source).flatMap(({ expect }) => (expect ? [expect.path] : []));
  const lock = readLock(source.directory);
  const coverage = lock
    ? [
        `rehearsed: ${lock.coverage.states.seen} of ${lock.coverage.states.of} states, ${lock.coverage.transitions.seen} of ${lock.coverage.transitions.of} transitions`,
      ]
    : [];
  return { paths, caption: ['bold green: rehearsed', 'dashed: when it fails', ...coverage] };
}
