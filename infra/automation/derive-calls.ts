import { basename, join } from 'node:path';
import { documentName } from '../catalog-entry.ts';
import type { RunbookFolder } from '../config/load-config.ts';
import { type Problem, type ProblemAt, SourceFile } from '../config/source-file.ts';
import { askedForBy, callsOfAwsDocument, isRead } from './aws-calls.ts';
import { callsOfStep, nestedDocumentOf, type StepCall, UnreadableStepError } from './calls-of-step.ts';
import { type AutomationStep, readSteps } from './read-steps.ts';

/** One call that a runbook's automation makes, and why it is known. */
export interface AutomationCall extends StepCall {
  /** Whether it only looks; everything else has to be declared. */
  readonly isRead: boolean;
  /** Who makes it, for people: `the step Start`, or `AWS-RestartEC2Instance`. */
  readonly by: string;
  /** A problem of the step, or of the line of the manifest that names the document. */
  readonly at: ProblemAt;
}

/** All that the documents of a runbook call. */
export interface AutomationCalls {
  readonly calls: readonly AutomationCall[];
  /** Documents of AWS whose calls nobody here knows: the manifest says what they read. */
  readonly unknownDocuments: readonly string[];
  /** Steps of which nobody can tell what they call. */
  readonly problems: readonly Problem[];
}

/** What the repair and the undo of a runbook call, read from their documents and from those that they start. */
export function deriveCalls(place: RunbookFolder): AutomationCalls {
  const { remediation } = place.manifest;
  const found: AutomationCalls[] = [];
  const seen = new Set<string>();
  for (const field of ['document', 'undo'] as const) {
    const document = remediation?.[field];
    const at: ProblemAt = (message) => place.at(['remediation', field], message);
    if (document) found.push(callsOfDocument(document, at, place, seen));
  }
  return merge(found);
}

function callsOfDocument(document: string, at: ProblemAt, place: RunbookFolder, seen: Set<string>): AutomationCalls {
  if (seen.has(document)) return merge([]);
  seen.add(document);
  if (document.startsWith('AWS-')) return callsOfAws(document, at);
  const file = `${document}.automation.yaml`;
  const shownAs = `statemachines/runbooks/${basename(place.directory)}/${file}`;
  const source = SourceFile.read(join(place.directory, file), shownAs);
  if (!source) {
    const problem = at(
      `starts ${document}, which is neither a document of AWS nor a file of this folder; put it here as ${file}.`,
    );
    return { calls: [], unknownDocuments: [], problems: [problem] };
  }
  return merge(readSteps(source).map((step) => callsOfOwnStep(step, place, seen)));
}

function callsOfAws(document: string, at: ProblemAt): AutomationCalls {
  const actions = callsOfAwsDocument(document);
  if (!actions) return { calls: [], unknownDocuments: [document], problems: [] };
  return {
    calls: actions.flatMap((action) => spell({ action, about: [] }, document, at)),
    unknownDocuments: [],
    problems: [],
  };
}

function callsOfOwnStep(step: AutomationStep, place: RunbookFolder, seen: Set<string>): AutomationCalls {
  try {
    const calls = callsOfStep(step).flatMap((call) => spell(call, `the step ${step.name}`, step.at));
    const nested = nestedDocumentOf(step);
    const inner = nested ? callsOfDocument(fileOf(nested, place.manifest.id), step.at, place, seen) : merge([]);
    return merge([{ calls, unknownDocuments: [], problems: [] }, inner]);
  } catch (error) {
    if (!(error instanceof UnreadableStepError)) throw error;
    return { calls: [], unknownDocuments: [], problems: [step.at(`the step ${step.name} ${error.message}.`)] };
  }
}

/** The call, and what AWS always asks for beside it. */
function spell(call: StepCall, by: string, at: ProblemAt): AutomationCall[] {
  const asked = askedForBy(call.action).always.map((action) => ({
    action,
    about: [],
    isRead: isRead(action),
    by: `${by}, whose ${call.action} needs it,`,
    at,
  }));
  return [{ ...call, isRead: isRead(call.action), by, at }, ...asked];
}

/** The file of this folder that a document of the account comes from. */
function fileOf(document: string, runbookId: string): string {
  const prefix = documentName(runbookId, '', 'automation');
  return document.startsWith(prefix) ? document.slice(prefix.length) : document;
}

function merge(parts: readonly AutomationCalls[]): AutomationCalls {
  return {
    calls: parts.flatMap(({ calls }) => calls),
    unknownDocuments: parts.flatMap(({ unknownDocuments }) => unknownDocuments),
    problems: parts.flatMap(({ problems }) => problems),
  };
}
