import { join } from 'node:path';
import { Aspects, CfnCondition, CfnOutput, CfnParameter, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { groupKinds } from '../functions/domain/repair-group.ts';
import type { LoadedConfig } from './config/load-config.ts';
import { globalSwitch } from './config/values.ts';
import { HandsoffFunction } from './constructs/handsoff-function.ts';
import { HandsoffMachine } from './constructs/handsoff-machine.ts';
import { HeldAlerts } from './constructs/held-alerts.ts';
import { KillSwitch } from './constructs/kill-switch.ts';
import { ownArn } from './constructs/own-arn.ts';
import { RunbookCatalog } from './constructs/runbook-catalog.ts';
import { EventRules } from './constructs/event-rules.ts';
import { BoundEveryRole, PlatformBoundary } from './constructs/platform-boundary.ts';
import { TableReaders } from './constructs/table-readers.ts';
import { UrgencyTopics } from './constructs/urgency-topics.ts';
import { WatchedQueue } from './constructs/watched-queue.ts';
import { WebApi } from './constructs/web-api.ts';
import { Watchdogs } from './constructs/watchdogs.ts';
import { deriveGrants, type GrantPlace } from './derive-grants.ts';
import type { Bundle } from './bundle-functions.ts';
import { functionGrants, type GrantTargets } from './function-grants.ts';
import { machineArn, runbookMachine, substitutionsOf } from './names.ts';
import { grantPlace } from './grant-place.ts';
import { rundeckSecretName, type StatefulStack } from './stateful-stack.ts';

export interface StatelessStackProps extends StackProps {
  /** Where the source of the state machines is. */
  readonly projectRoot: string;
  readonly config: LoadedConfig;
  readonly functions: readonly Bundle[];
  readonly stateful: StatefulStack;
}

/** What a function is beside its code and its grants, which infra/function-grants.ts lists. */
interface FunctionSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly memoryMb?: number;
  /** Whether EventBridge starts it, asynchronously: what fails for good goes to the dead letters. */
  readonly isStartedByRules?: boolean;
  readonly mayLoop?: boolean;
  /** Whether no state machine and no sender sees it fail, so that nobody but an alarm does. */
  readonly isWatched?: boolean;
}

/** All that can be replaced at any deployment: rules, machines, functions, topics, the catalog of runbooks. */
export class StatelessStack extends Stack {
  readonly #props: StatelessStackProps;
  readonly #functions = new Map<string, HandsoffFunction>();
  /** Those of them that alarms watch, because nobody else sees them fail. */
  readonly #watched: HandsoffFunction[] = [];

  constructor(scope: Construct, id: string, props: StatelessStackProps) {
    super(scope, id, props);
    this.#props = props;
    Aspects.of(this).add(new BoundEveryRole(new PlatformBoundary(this, 'PlatformBoundary')));
    const topics = new UrgencyTopics(this, 'Topics');
    const deadLetters = new WatchedQueue(this, 'DeadLetters', {
      name: 'dead-letters',
      meaning:
        'An event or a line of a timeline could not be delivered. The queue says which: an event is in the message itself, a line is in the incident table (shard and sequence number). Look at your alarms by hand, then find out why.',
      tell: topics.high,
    });
    const quarantine = new WatchedQueue(this, 'Quarantine', {
      name: 'quarantine',
      meaning: 'Handsoff could not read an event, or could not process it. The message says which and why.',
      tell: topics.high,
    });
    const held = new HeldAlerts(this, 'HeldAlerts', { deadLetters });
    const substitutions = this.#substitutions(topics, quarantine);
    const place = this.#place(substitutions, quarantine);
    const catalog = new RunbookCatalog(this, 'Runbooks', { config: props.config, substitutions, place });
    new KillSwitch(this, 'GlobalKillSwitch', {
      name: globalSwitch,
      stops: 'nothing is changed by any runbook. Telling goes on.',
    });
    this.#addFunctions(topics, catalog, deadLetters, held);
    held.releaseBy(this.#function('release-alert'));
    const machine = (name: string, type: StateMachineType) => {
      const file = join(props.projectRoot, `statemachines/${name}.asl.json`);
      return new HandsoffMachine(this, name, { name, file, type, substitutions, grants: deriveGrants(file, place) });
    };
    const intake = machine('intake', StateMachineType.EXPRESS);
    const respond = machine('respond', StateMachineType.STANDARD);
    const remediate = machine('remediate', StateMachineType.STANDARD);
    const completeWaits = this.#function('complete-waits');
    const tellPeople = this.#function('tell-people');
    new TableReaders(this, 'Stream', { table: props.stateful.table, tellPeople, completeWaits, deadLetters });
    const { rules } = new EventRules(this, 'Rules', {
      bus: props.stateful.bus,
      listensTo: props.config.listensTo,
      intake,
      respond,
      remediate,
      completeWaits,
      reportFailedExecution: this.#function('report-failed-execution'),
      topics,
      deadLetters,
      quarantine,
      after: this.node.children,
    });
    const api = new WebApi(this, 'Api', {
      interactions: this.#function('receive-interaction'),
      webhooks: this.#function('receive-webhook'),
    });
    new Watchdogs(this, 'Watchdogs', {
      functions: this.#watched,
      intake,
      rules,
      readers: [tellPeople, completeWaits],
      held: held.queue,
      api: api.api,
      topics,
    });
    this.#say(topics, api);
  }

  /** What has to be known of the stack from outside, and what for. */
  #say({ high, low }: UrgencyTopics, { url, slackUrl }: WebApi): void {
    const outputs: readonly (readonly [name: string, value: string, description: string])[] = [
      ['HighUrgencyTopic', high.topicArn, 'Subscribe whoever must be woken.'],
      ['LowUrgencyTopic', low.topicArn, 'Subscribe whoever wants to know.'],
      [
        'AlertsUrl',
        url,
        'Where senders of alerts send to: /v2/enqueue for PagerDuty clients, /integrations/<id> for others.',
      ],
      ['SlackInteractivityUrl', slackUrl, 'Request URL for the interactivity of your Slack app.'],
    ];
    for (const [name, value, description] of outputs) new CfnOutput(this, name, { value, description });
  }

  #function(name: string): HandsoffFunction {
    const found = this.#functions.get(name);
    if (!found) throw new Error(`There is no function ${name}; make functions/${name}/handler.ts.`);
    return found;
  }

  #addFunctions(topics: UrgencyTopics, catalog: RunbookCatalog, deadLetters: WatchedQueue, held: HeldAlerts): void {
    const { stateful, functions, config } = this.#props;
    const settings = this.#settings(topics, held);
    const targets: GrantTargets = {
      table: stateful.table.tableArn,
      slackSecret: stateful.slackSecret.secretArn,
      rundeckSecrets: stateful.rundeckSecret ? [this.#secretArn(rundeckSecretName)] : [],
      topics: [topics.high.topicArn, topics.low.topicArn],
      integrationSecrets: [...stateful.integrationSecrets.keys()].map((name) => this.#secretArn(name)),
      holdQueue: held.queue.queueArn,
      bus: stateful.bus.eventBusArn,
      respond: this.#machineArn('respond'),
      remediate: this.#machineArn('remediate'),
      commandMachines: config.runbooks
        .filter(({ manifest }) => manifest.commands.length > 0)
        .map(({ manifest }) => this.#machineArn(runbookMachine(manifest.id))),
      lookingDocuments: catalog.lookingDocuments,
      automationDefinitions: catalog.automationDefinitions,
      automationRoles: catalog.automationRoles,
      calendars: config.deployed.changes.calendars.map((name) =>
        name.startsWith('arn:') ? name : ownArn(this)('ssm', `document/${name}`),
      ),
      groupKinds: groupKinds.filter((kind) =>
        config.runbooks.some(({ manifest }) => manifest.guards?.share?.of === kind),
      ),
      own: ownArn(this),
    };
    for (const { name, directory } of functions) {
      const { environment, isStartedByRules = false, isWatched = false, ...others } = settings[name] ?? {};
      const made = new HandsoffFunction(this, name, {
        name,
        directory,
        ...others,
        ...(isStartedByRules && { deadLetters }),
        grants: functionGrants(name, targets),
        environment: { INCIDENT_TABLE: stateful.table.tableName, ...environment },
      });
      this.#functions.set(name, made);
      if (isWatched) this.#watched.push(made);
    }
  }

  /** What is more than the least of each function, by its name. */
  #settings(topics: UrgencyTopics, held: HeldAlerts): Readonly<Record<string, FunctionSettings>> {
    const { stateful } = this.#props;
    const slackApiUrl = new CfnParameter(this, 'SlackApiUrl', {
      default: 'https://slack.com/api/',
      description: 'Base URL of the Slack Web API.',
    });
    const slack = { SLACK_SECRET_ARN: stateful.slackSecret.secretArn, SLACK_API_URL: slackApiUrl.valueAsString };
    const documents = { DOCUMENT_ARN_PREFIX: ownArn(this)('ssm', 'document/handsoff-') };
    const EVENT_BUS_NAME = stateful.bus.eventBusName;
    const HOLD_QUEUE_URL = held.queue.queueUrl;
    return {
      'tell-people': {
        isWatched: true,
        environment: {
          ...slack,
          HIGH_URGENCY_TOPIC_ARN: topics.high.topicArn,
          LOW_URGENCY_TOPIC_ARN: topics.low.topicArn,
        },
      },
      'complete-waits': { isWatched: true, isStartedByRules: true },
      'report-failed-execution': { isWatched: true, isStartedByRules: true },
      // What is held for hours waits a quarter of an hour at a time (ADR 4).
      'release-alert': { isWatched: true, mayLoop: true, environment: { HOLD_QUEUE_URL, EVENT_BUS_NAME } },
      // Slack waits three seconds for an answer, a cold start included.
      'receive-interaction': { memoryMb: 1024, environment: slack },
      // A storm of alerts is parsed in here.
      'receive-webhook': { memoryMb: 1024, environment: { EVENT_BUS_NAME } },
      'triage-alert': { environment: { HOLD_QUEUE_URL, ACCOUNT_ID: this.account } },
      diagnose: { environment: { ACCOUNT_ID: this.account } },
      'close-incident': { environment: { ACCOUNT_ID: this.account } },
      'guard-remediation': {
        environment: { MACHINE_ARN_PREFIX: this.#machineArn(''), SLACK_SECRET_ARN: stateful.slackSecret.secretArn },
      },
      'start-automation': { environment: documents },
      'run-command': { environment: documents },
      'call-rundeck': { environment: this.#rundeckEnvironment() },
    };
  }

  /**
   * A rehearsal has a Rundeck of its own on this machine, and says so by the parameter. What the configuration says is no
   * parameter: a deployment keeps the value that a parameter has, whatever its new default is.
   */
  #rundeckEnvironment(): Record<string, string> {
    const { stateful, config } = this.#props;
    const { rundeck } = config.deployed;
    if (!rundeck || !stateful.rundeckSecret) return {};
    const rehearsed = new CfnParameter(this, 'RehearsedRundeckUrl', {
      default: '',
      description: 'For rehearsals alone: leave it empty. Where Rundeck is, config/executors.yaml says.',
    }).valueAsString;
    const isRehearsed = new CfnCondition(this, 'IsRundeckRehearsed', {
      expression: Fn.conditionNot(Fn.conditionEquals(rehearsed, '')),
    });
    const either = (inRehearsal: string, deployed: string) =>
      Fn.conditionIf(isRehearsed.logicalId, inRehearsal, deployed).toString();
    return {
      RUNDECK_SECRET: rundeckSecretName,
      RUNDECK_URL: either(rehearsed, rundeck.url),
      RUNDECK_REACH: either('loopback', rundeck.allow_private ? 'private' : 'public'),
    };
  }

  /**
   * A secret by its name, with the six characters that AWS adds. Not by a reference to it: what one stack imports the
   * other cannot delete, so no integration could be taken out of the configuration again.
   */
  #secretArn(name: string): string {
    return ownArn(this)('secretsmanager', `secret:${name}-??????`);
  }

  #machineArn(name: string): string {
    return machineArn(ownArn(this), name);
  }

  #substitutions(topics: UrgencyTopics, quarantine: WatchedQueue): Record<string, string> {
    const names = this.#props.functions.map(({ name }) => name);
    return substitutionsOf(names, ownArn(this), {
      highUrgencyTopicArn: topics.high.topicArn,
      quarantineQueueUrl: quarantine.queue.queueUrl,
    });
  }

  #place(substitutions: Readonly<Record<string, string>>, quarantine: WatchedQueue): GrantPlace {
    return grantPlace({
      substitutions,
      runbookIds: this.#props.config.runbooks.map(({ manifest }) => manifest.id),
      quarantineQueueArn: quarantine.queue.queueArn,
      own: ownArn(this),
      where: this,
    });
  }
}
