import {
  type Automation,
  AutomationFailedError,
  type AutomationState,
  AutomationUncertainError,
  isRefusedStart,
} from '../adapters/automation.ts';
import type { Alarms } from '../adapters/alarms.ts';
import { DocumentChangedError, type OwnDocuments } from '../adapters/own-documents.ts';
import type { ParameterReader } from '../adapters/parameter-reader.ts';
import { readCatalog } from '../adapters/read-catalog.ts';
import type { RepairView, StartRows } from '../adapters/repair-view.ts';
import type { TaskTokens } from '../adapters/task-tokens.ts';
import type { WaitStore } from '../adapters/wait-store.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import { clientTokenOf } from '../domain/identity.ts';
import type { PermittedRemediation } from '../domain/permitted-remediation.ts';
import { alarmToAsk } from '../domain/alarm-to-ask.ts';
import { checkStart, type StartDecision } from '../domain/start-check.ts';
import type { AutomationStep } from '../domain/waits.ts';

export interface StartRequest {
  readonly incident_id: string;
  readonly task_token: string;
  /** `repair` starts the document, `undo` the document that takes it back. */
  readonly step: AutomationStep;
  readonly remediation: PermittedRemediation;
}

export interface StartPorts {
  readonly automation: Pick<Automation, 'start' | 'look'>;
  readonly repairs: Pick<RepairView, 'beforeStart'>;
  readonly waits: Pick<WaitStore, 'store' | 'storeRemote' | 'remove'>;
  readonly tokens: Pick<TaskTokens, 'complete'>;
  readonly parameters: Pick<ParameterReader, 'read'>;
  readonly documents: Pick<OwnDocuments, 'versionsOf'>;
  readonly alarms: Pick<Alarms, 'stateOf'>;
  readonly config: Pick<DeployedConfig, 'certificates'>;
}

/** What the guard permitted holds no longer, and nothing was started: never retried. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError' as const;
}

/**
 * Starts the automation and leaves the task token where its status event will find it. An automation that ended before
 * the token was stored is noticed here, because its event has been and gone. That it is about to start is written down
 * first: whoever finds that note without an execution id knows that it may have been started.
 */
export async function startAutomation(
  request: StartRequest,
  ports: StartPorts,
  now: Date,
): Promise<{ execution_id: string }> {
  const { incident_id, task_token: token, step, remediation } = request;
  const { waits, repairs } = ports;
  const rows = await repairs.beforeStart(incident_id, step, remediation.target);
  const execution_id = rows.note?.execution_id ?? (await begin(request, rows, ports, now));
  const wait = { token, incident_id, execution_id };
  await waits.store(`automation-${step}`, wait, remediation.timeout_seconds, now);
  await waits.storeRemote('AUTOMATION', wait, remediation.timeout_seconds, now);
  const state = await ports.automation.look(execution_id);
  if (state.state === 'failed') throw new AutomationFailedError(execution_id, state);
  if (state.state === 'succeeded') await ports.tokens.complete(token, { success: endOf(execution_id, state) });
  return { execution_id };
}

function endOf(execution_id: string, { status, outputs }: AutomationState) {
  return { execution_id, status, ...(outputs && { outputs }) };
}

/** Answers the execution id; where an earlier try may have started it, the same token makes that the same execution. */
async function begin(
  { incident_id, task_token: token, step, remediation: wanted }: StartRequest,
  rows: StartRows,
  ports: StartPorts,
  now: Date,
): Promise<string> {
  const isInDoubt = rows.note !== undefined;
  const refused = (why: string) =>
    isInDoubt ? new AutomationUncertainError(incident_id, step) : new StartRefusedError(why);
  const decision = await checkAgain(step, wanted, rows, ports, now);
  if (decision.decision === 'refuse') throw refused(decision.text);
  const { document, undo, parameters, timeout_seconds, runbook } = decision.remediation;
  const name = step === 'repair' ? document : undo;
  if (!name) throw new StartRefusedError(`The runbook ${runbook} has no document to ${step} with.`);
  const versions = await ports.documents.versionsOf(runbook).catch((error: unknown) => {
    throw error instanceof DocumentChangedError ? refused(error.message) : error;
  });
  await ports.waits.store(`automation-${step}`, { token, incident_id }, timeout_seconds, now);
  try {
    return await ports.automation.start(name, versions.get(name), parameters, clientTokenOf([incident_id, step]));
  } catch (error) {
    if (!isInDoubt && isRefusedStart(error)) await ports.waits.remove(incident_id, `automation-${step}`, token);
    throw error;
  }
}

async function checkAgain(
  step: AutomationStep,
  wanted: PermittedRemediation,
  { incident, lease }: StartRows,
  { parameters, alarms, config }: StartPorts,
  now: Date,
): Promise<StartDecision> {
  const alarm = step === 'repair' && incident ? alarmToAsk(incident) : undefined;
  const [catalog, alarmState] = await Promise.all([
    readCatalog(parameters, wanted.runbook),
    alarm === undefined ? undefined : alarms.stateOf(alarm),
  ]);
  const revision = config.certificates[wanted.runbook]?.hash ?? '';
  return checkStart(step, wanted, { ...catalog, revision, incident, lease, alarmState, now });
}
