/** What AWS asks for one kind of use. */
export interface Price {
  readonly service: string;
  /** What is counted. */
  readonly unit: string;
  /** US dollars for `per` units, us-east-1, without the free tier. */
  readonly usd: number;
  readonly per: number;
  readonly source: string;
}

const million = 1_000_000;
const cloudwatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const stepFunctions = 'https://aws.amazon.com/step-functions/pricing/';
const systemsManager = 'https://aws.amazon.com/systems-manager/pricing/';
const secretsManager = 'https://aws.amazon.com/secrets-manager/pricing/';

/** List prices of all that Handsoff uses. */
export const prices = {
  transition: {
    service: 'Step Functions Standard',
    unit: 'state transition',
    usd: 0.025,
    per: 1000,
    source: stepFunctions,
  },
  expressRequest: {
    service: 'Step Functions Express',
    unit: 'request',
    usd: 1,
    per: million,
    source: stepFunctions,
  },
  expressGbSecond: {
    service: 'Step Functions Express',
    unit: 'GB-second',
    usd: 0.00001667,
    per: 1,
    source: stepFunctions,
  },
  lambdaRequest: { service: 'Lambda', unit: 'request', usd: 0.2, per: million, source: lambda },
  lambdaGbSecond: { service: 'Lambda', unit: 'GB-second on arm64', usd: 0.0000133334, per: 1, source: lambda },
  writeUnit: { service: 'DynamoDB', unit: 'write request unit', usd: 0.625, per: million, source: dynamodb },
  readUnit: { service: 'DynamoDB', unit: 'read request unit', usd: 0.125, per: million, source: dynamodb },
  tableGbMonth: { service: 'DynamoDB', unit: 'GB stored for a month', usd: 0.25, per: 1, source: dynamodb },
  publish: { service: 'SNS', unit: 'request', usd: 0.5, per: million, source: 'https://aws.amazon.com/sns/pricing/' },
  queueRequest: {
    service: 'SQS',
    unit: 'request',
    usd: 0.4,
    per: million,
    source: 'https://aws.amazon.com/sqs/pricing/',
  },
  customEvent: {
    service: 'EventBridge',
    unit: 'custom event; those of AWS services are free',
    usd: 1,
    per: million,
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  automationStep: { service: 'Systems Manager', unit: 'automation step', usd: 0.002, per: 1, source: systemsManager },
  secretMonth: { service: 'Secrets Manager', unit: 'secret for a month', usd: 0.4, per: 1, source: secretsManager },
  secretCall: { service: 'Secrets Manager', unit: 'call', usd: 0.05, per: 10_000, source: secretsManager },
  alarmMonth: { service: 'CloudWatch', unit: 'metric of an alarm for a month', usd: 0.1, per: 1, source: cloudwatch },
  metricMonth: { service: 'CloudWatch', unit: 'metric of our own for a month', usd: 0.3, per: 1, source: cloudwatch },
  metricCall: { service: 'CloudWatch', unit: 'call', usd: 0.01, per: 1000, source: cloudwatch },
  logGb: { service: 'CloudWatch', unit: 'GB of logs taken in', usd: 0.5, per: 1, source: cloudwatch },
  trace: { service: 'X-Ray', unit: 'trace', usd: 5, per: million, source: 'https://aws.amazon.com/xray/pricing/' },
} as const satisfies Readonly<Record<string, Price>>;

/** One kind of use that has a price. */
export type Priced = keyof typeof prices;
