import type { AlertResource, Severity } from '../../domain/alert.ts';
import { type Fields, read, readOptional, recordsIn } from '../../domain/fields.ts';
import type { FieldError, NoiseReason, Normalised } from '../../domain/normalised.ts';
import { consoleLink } from './console-link.ts';
import { eventAlert } from './event-alert.ts';
import { type EventEnvelope, readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { keptText } from './kept-text.ts';
import { resourceOfArn } from './resource-of-arn.ts';

/**
 * The detail-types of Amazon ECS that Handsoff reads.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
export const ecsDetailTypes = [
  'ECS Deployment State Change',
  'ECS Service Action',
  'ECS Task State Change',
  'ECS Container Instance State Change',
] as const;

/** The `eventType` of service and deployment events is ECS's own scale; `INFO` is no failure. */
const severitiesByType: ReadonlyMap<string, Severity> = new Map([
  ['ERROR', 'error'],
  ['WARN', 'warning'],
]);

/** After these, ECS has as many healthy tasks as the service wants. */
const recoveries: ReadonlySet<string> = new Set(['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_STEADY_STATE']);

/**
 * Why a task may stop without anything being wrong. A stop by the scheduler is a failure where it says that a health check failed.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
const orderlyStops: ReadonlySet<string> = new Set([
  'UserInitiated',
  'ServiceSchedulerInitiated',
  'SpotInterruption',
  'TerminationNotice',
]);

/**
 * Reads an ECS event. Whatever fails in one service is one incident, which its steady state resolves: a deployment that
 * fails, the tasks that it could not place, and the tasks that stopped.
 */
export function normaliseEcs(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  if (envelope.detailType === 'ECS Container Instance State Change') {
    // The agent loses its connection several times an hour as a part of its normal operation.
    return errors.length > 0 ? { kind: 'poison', errors } : noise('not-a-failure');
  }
  return envelope.detailType === 'ECS Task State Change'
    ? ofTask(envelope, errors, receivedAt)
    : ofService(envelope, errors, receivedAt);
}

function ofService(envelope: EventEnvelope, errors: FieldError[], receivedAt: Date): Normalised {
  const name = read(envelope, 'detail.eventName', errors);
  const type = read(envelope, 'detail.eventType', errors);
  const serviceArn = read(envelope, 'resources.0', errors);
  if (errors.length > 0) return { kind: 'poison', errors };
  const severity = severitiesByType.get(type);
  if (!severity && !recoveries.has(name)) return noise('not-a-failure');
  const resource = resourceOfArn(serviceArn);
  const reason = readOptional(envelope.detail, 'reason');
  const parts = {
    format: 'ecs',
    action: recoveries.has(name) ? ('resolve' as const) : ('trigger' as const),
    key: ['ecs', serviceArn],
    summary: `${resource.id}: ${name}${reason ? `: ${reason}` : ''}`,
    severity: severity ?? ('info' as const),
    at: readTime(envelope.detail['updatedAt']) ?? readTime(envelope.detail['createdAt']),
    source: serviceArn,
    component: 'ECS',
    group: resource.id,
    class: name,
    details: {
      event_name: name,
      reason: keptText(reason, 1024),
      cluster: readOptional(envelope.detail, 'clusterArn') ?? clusterOf(serviceArn),
      deployment_id: readOptional(envelope.detail, 'deploymentId'),
    },
    links: [{ href: consoleLink(envelope.region, 'ecs/v2/clusters'), text: 'Amazon ECS' }],
    resource,
  };
  return eventAlert(envelope, parts, receivedAt);
}

function ofTask(envelope: EventEnvelope, errors: FieldError[], receivedAt: Date): Normalised {
  const { detail } = envelope;
  const taskArn = read(envelope, 'detail.taskArn', errors);
  const clusterArn = read(envelope, 'detail.clusterArn', errors);
  const status = read(envelope, 'detail.lastStatus', errors);
  if (errors.length > 0) return { kind: 'poison', errors };
  if (status !== 'STOPPED' || !isFailure(detail)) return noise('not-a-failure');
  const owner = ownerOf(detail, clusterArn, taskArn);
  const reason = readOptional(detail, 'stoppedReason') ?? 'stopped';
  const parts = {
    format: 'ecs',
    action: 'trigger' as const,
    key: owner.key,
    summary: `${owner.resource.id}: task ${resourceOfArn(taskArn).id}: ${reason}${exitsOf(detail)}`,
    severity: 'error' as const,
    at: readTime(detail['stoppedAt']) ?? readTime(detail['updatedAt']),
    source: taskArn,
    component: 'ECS',
    group: owner.resource.id,
    class: readOptional(detail, 'stopCode'),
    details: {
      stop_code: readOptional(detail, 'stopCode'),
      stopped_reason: keptText(reason, 1024),
      task: taskArn,
      task_definition: readOptional(detail, 'taskDefinitionArn'),
      cluster: clusterArn,
      containers: recordsIn(detail['containers']).slice(0, 10).map(containerOf),
    },
    links: [{ href: consoleLink(envelope.region, 'ecs/v2/clusters'), text: 'Amazon ECS' }],
    resource: owner.resource,
  };
  return eventAlert(envelope, parts, receivedAt);
}

/** Deployment events name no cluster of their own; the ARN of a service does, unless it is of the old, short form. */
function clusterOf(serviceArn: string): string | undefined {
  const [, place, cluster] = /^(arn:[^/]+):service\/([^/]+)\/[^/]+$/.exec(serviceArn) ?? [];
  return cluster && `${place}:cluster/${cluster}`;
}

function isFailure(detail: Fields): boolean {
  const reason = readOptional(detail, 'stoppedReason') ?? '';
  const code = readOptional(detail, 'stopCode') ?? '';
  if (/failed .*health checks/i.test(reason)) return true;
  if (orderlyStops.has(code)) return false;
  if (code === 'TaskFailedToStart') return true;
  const containers = recordsIn(detail['containers']);
  return containers.some(({ exitCode, reason: why }) => (exitCode === undefined ? why !== undefined : exitCode !== 0));
}

/** A task of a service is that service's trouble; one that was started by itself is the trouble of its family. */
function ownerOf(
  detail: Fields,
  clusterArn: string,
  taskArn: string,
): { key: readonly string[]; resource: AlertResource } {
  const group = readOptional(detail, 'group') ?? '';
  const [kind, name] = [group.split(':')[0], group.split(':').slice(1).join(':')];
  if (kind === 'service' && name) {
    const serviceArn = `${clusterArn.replace(':cluster/', ':service/')}/${name}`;
    return { key: ['ecs', serviceArn], resource: resourceOfArn(serviceArn) };
  }
  const family = kind === 'family' && name ? group : familyOf(detail);
  return { key: ['ecs-task', clusterArn, family || taskArn], resource: resourceOfArn(taskArn) };
}

function familyOf(detail: Fields): string {
  const family = /:task-definition\/([^:]+)/.exec(readOptional(detail, 'taskDefinitionArn') ?? '')?.[1];
  return family ? `family:${family}` : '';
}

function exitsOf(detail: Fields): string {
  const exits = recordsIn(detail['containers']).flatMap((row) => {
    const { exitCode } = row;
    if (typeof exitCode !== 'number' || exitCode === 0) return [];
    return [`${readOptional(row, 'name') ?? 'container'} exited with ${exitCode}`];
  });
  return exits.length > 0 ? ` (${exits.slice(0, 3).join(', ')})` : '';
}

function containerOf(container: Fields): Record<string, unknown> {
  const exitCode = container['exitCode'];
  return {
    name: keptText(readOptional(container, 'name'), 255),
    image: keptText(readOptional(container, 'image'), 255),
    reason: keptText(readOptional(container, 'reason'), 255),
    ...(typeof exitCode === 'number' && { exit_code: exitCode }),
  };
}

function noise(reason: NoiseReason): Normalised {
  return { kind: 'noise', reason };
}
