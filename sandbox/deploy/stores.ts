import { parse } from 'yaml';
import type { Assembly } from '../assembly/assembly.ts';
import type { Resource } from '../assembly/resource.ts';
import type { TableDescription } from '../dynamodb/table-description.ts';
import type { GenerateSecretString } from '../secrets-manager/generate-secret.ts';
import type { SubscriptionDescription } from '../sns/subscription.ts';
import { arnOf, compact, numberAt, objectsAt, textAt, valueAt } from './fields.ts';

/** The tables of an assembly. */
export function describeTables(assembly: Assembly): TableDescription[] {
  return assembly.ofType('AWS::DynamoDB::Table').map((table) => {
    const streamViewType = textAt(table, 'StreamSpecification.StreamViewType');
    const isExpiring = textAt(table, 'TimeToLiveSpecification.Enabled') === 'true';
    return compact({
      name: table.physicalId,
      arn: arnOf(table),
      streamArn: streamViewType === undefined ? undefined : table.attribute('StreamArn'),
      keySchema: objectsAt(table, 'KeySchema').map((key) => ({
        AttributeName: textAt(key, 'AttributeName') ?? '',
        KeyType: textAt(key, 'KeyType') ?? '',
      })),
      attributeDefinitions: objectsAt(table, 'AttributeDefinitions').map((attribute) => ({
        AttributeName: textAt(attribute, 'AttributeName') ?? '',
        AttributeType: textAt(attribute, 'AttributeType') ?? '',
      })),
      streamViewType: streamViewType as TableDescription['streamViewType'],
      globalSecondaryIndexes: objectsAt(table, 'GlobalSecondaryIndexes'),
      localSecondaryIndexes: objectsAt(table, 'LocalSecondaryIndexes'),
      ttlAttribute: isExpiring ? textAt(table, 'TimeToLiveSpecification.AttributeName') : undefined,
    });
  });
}

/** The topics of an assembly, and their subscriptions. */
export function describeTopics(assembly: Assembly) {
  const topics = assembly.ofType('AWS::SNS::Topic');
  const subscriptions = assembly.ofType('AWS::SNS::Subscription');
  return {
    topics: topics.map((topic) => ({ arn: arnOf(topic) })),
    subscriptions: [
      ...topics.flatMap((topic) =>
        objectsAt(topic, 'Subscription').map((subscription) => describeSubscription(arnOf(topic), subscription)),
      ),
      ...subscriptions.map((subscription) =>
        describeSubscription(textAt(subscription, 'TopicArn') ?? '', subscription),
      ),
    ],
  };
}

function describeSubscription(topicArn: string, subscription: Resource | object): SubscriptionDescription {
  return compact({
    topicArn,
    protocol: textAt(subscription, 'Protocol') ?? '',
    endpoint: textAt(subscription, 'Endpoint') ?? '',
    rawMessageDelivery: textAt(subscription, 'RawMessageDelivery') === 'true',
    filterPolicy: valueAt(subscription, 'FilterPolicy'),
    redrivePolicy: valueAt(subscription, 'RedrivePolicy'),
  });
}

/** The queues of an assembly. */
export function describeQueues(assembly: Assembly) {
  return assembly.ofType('AWS::SQS::Queue').map((queue) => {
    const deadLetterArn = textAt(queue, 'RedrivePolicy.deadLetterTargetArn');
    return compact({
      name: queue.attribute('QueueName'),
      arn: arnOf(queue),
      visibilityTimeoutSeconds: numberAt(queue, 'VisibilityTimeout'),
      messageRetentionSeconds: numberAt(queue, 'MessageRetentionPeriod'),
      delaySeconds: numberAt(queue, 'DelaySeconds'),
      maximumMessageBytes: numberAt(queue, 'MaximumMessageSize'),
      redrive:
        deadLetterArn === undefined
          ? undefined
          : { deadLetterArn, maxReceiveCount: numberAt(queue, 'RedrivePolicy.maxReceiveCount') ?? 10 },
    });
  });
}

/** The secrets of an assembly; `values` gives one its value by name, as somebody would store it after deploying. */
export function describeSecrets(assembly: Assembly, values: Readonly<Record<string, string>>) {
  return assembly.ofType('AWS::SecretsManager::Secret').map((secret) => {
    const arn = arnOf(secret);
    // Of a name that AWS makes, the ARN alone tells: before the six characters at its end.
    const name = textAt(secret, 'Name') ?? arn.replace(/^.*:secret:|-\w{6}$/g, '');
    return compact({
      arn,
      name,
      value: values[name],
      generate: valueAt(secret, 'GenerateSecretString') as GenerateSecretString | undefined,
    });
  });
}

/** The parameters of Parameter Store in an assembly. */
export function describeParameters(assembly: Assembly) {
  return assembly.ofType('AWS::SSM::Parameter').map((parameter) => ({
    name: textAt(parameter, 'Name') ?? parameter.physicalId,
    type: textAt(parameter, 'Type') ?? 'String',
    value: textAt(parameter, 'Value') ?? '',
  }));
}

/** The SSM documents of an assembly. */
export function describeDocuments(assembly: Assembly) {
  return assembly.ofType('AWS::SSM::Document').map((document) => ({
    name: textAt(document, 'Name') ?? document.physicalId,
    documentType: textAt(document, 'DocumentType') === 'Automation' ? ('Automation' as const) : ('Command' as const),
    content: contentOf(valueAt(document, 'Content')),
  }));
}

/** A document's content, which a template may hold as an object or as a text of JSON or YAML. */
function contentOf(content: unknown): unknown {
  if (typeof content !== 'string') return content;
  try {
    return JSON.parse(content);
  } catch {
    return parse(content);
  }
}
