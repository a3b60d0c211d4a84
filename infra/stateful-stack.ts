import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

/** Where the token of Rundeck is kept. */
export const rundeckSecretName = 'handsoff/rundeck';

export interface StatefulStackProps extends StackProps {
  /** Whether the table and the stack refuse to be deleted. @default true */
  readonly deletionProtection?: boolean;
  /** Names of the secrets that senders of alerts are known by. */
  readonly integrationSecrets: readonly string[];
  /** Whether Rundeck is an executor, so that its token has a place. */
  readonly rundeck: boolean;
}

/** What must outlive a deployment: incidents, the secret for chat, and the bus with its archive. */
export class StatefulStack extends Stack {
  readonly table: Table;
  readonly slackSecret: Secret;
  readonly rundeckSecret: Secret | undefined;
  readonly bus: EventBus;
  /** By name. */
  readonly integrationSecrets: ReadonlyMap<string, Secret>;

  constructor(scope: Construct, id: string, props: StatefulStackProps) {
    const { deletionProtection = true } = props;
    super(scope, id, { terminationProtection: deletionProtection, ...props });
    this.table = new Table(this, 'IncidentTable', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expires_at_epoch',
      stream: StreamViewType.NEW_IMAGE,
      deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.slackSecret = new Secret(this, 'SlackSecret', {
      secretName: 'handsoff/slack',
      description:
        'Slack: {"botToken": "xoxb-…", "signingSecret": "…"}. Empty until you store them; then people are told in Slack too.',
      // Generated so that no value ever stands in the template; the two fields are filled in by hand.
      generateSecretString: { secretStringTemplate: '{"botToken":"","signingSecret":""}', generateStringKey: 'unused' },
    });
    this.rundeckSecret = props.rundeck ? this.#addRundeckSecret() : undefined;
    this.integrationSecrets = new Map(props.integrationSecrets.map((name) => [name, this.#integrationSecret(name)]));
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: 'handsoff',
      description: 'Events sent to Handsoff by yourself.',
    });
    new Archive(this, 'Archive', {
      archiveName: 'handsoff',
      description: 'Everything that came over the handsoff bus, to be replayed.',
      sourceEventBus: this.bus,
      eventPattern: { account: [this.account] },
      retention: Duration.days(30),
    });
    Validations.of(this.slackSecret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Slack issues these values and has no interface to rotate them; they are replaced by hand.',
    });
  }

  #addRundeckSecret(): Secret {
    const secret = new Secret(this, 'RundeckSecret', {
      secretName: rundeckSecretName,
      description: 'Rundeck: {"token": "…"}, the API token of a user who may run the jobs of config/executors.yaml.',
      generateSecretString: { secretStringTemplate: '{"token":""}', generateStringKey: 'unused' },
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Rundeck issues this token to a user; it is replaced by hand before it expires.',
    });
    return secret;
  }

  #integrationSecret(name: string): Secret {
    const secret = new Secret(this, `Integration${name.split('/').at(-1)}`, {
      secretName: name,
      description: 'What a sender of alerts is known by. A new version counts at once, the one before for a day more.',
      // 32 letters and digits: PagerDuty's clients take no other length of a routing key.
      generateSecretString: { passwordLength: 32, excludePunctuation: true },
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'The sender has to be given the new value by hand: rotated by itself, it would shut the sender out.',
    });
    return secret;
  }
}
