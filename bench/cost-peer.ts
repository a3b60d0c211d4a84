/** What AWS says its own solution costs, for one size of organisation. */
export interface PublishedCost {
  readonly remediations: number;
  /** Accounts times Regions. */
  readonly places: number;
  /** Security Hub findings that it takes in. */
  readonly findings: number;
  /** US dollars a month: the total as it stands there. */
  readonly total: number;
  /** Every line of the example as it stands there, in US dollars. What is given as below a cent counts as nothing. */
  readonly lines: Readonly<Record<string, number>>;
}

/** Where AWS publishes what Automated Security Response on AWS costs; its web UI and action log are off in these examples. */
export const publishedAt = 'https://docs.aws.amazon.com/solutions/latest/automated-security-response-on-aws/cost.html';

/** The line that grows with accounts and Regions, one key each, and not with remediations. */
export const keysLine = 'Key Management Service';

/** Examples 1, 3 and 4 of that page. */
export const publishedCosts: readonly PublishedCost[] = [
  {
    remediations: 300,
    places: 10,
    findings: 5000,
    total: 14.7,
    lines: {
      'Systems Manager': 2.49,
      Lambda: 0.00142 + 0.029,
      'Step Functions': 0.14,
      [keysLine]: 10.02,
      DynamoDB: 2.0625,
      SQS: 0.4,
      SNS: 0.0003,
      CloudWatch: 2.1 + 3 + 0.4,
      'X-Ray': 0.0355,
    },
  },
  {
    remediations: 3000,
    places: 100,
    findings: 50_000,
    total: 106.49,
    lines: {
      'Systems Manager': 24.9,
      Lambda: 0.01 + 0.29,
      'Step Functions': 1.425,
      [keysLine]: 100.185,
      DynamoDB: 2.625,
      SQS: 0.4,
      SNS: 0.5,
      CloudWatch: 2.13 + 3 + 0.4,
      'X-Ray': 0.355,
    },
  },
  {
    remediations: 30_000,
    places: 10_000,
    findings: 5_000_000,
    total: 7360,
    lines: {
      'Systems Manager': 249,
      Lambda: 1.042 + 19.63,
      'Step Functions': 14.25,
      [keysLine]: 10_018.05,
      DynamoDB: 82.5,
      SQS: 2.024,
      SNS: 0.5,
      CloudWatch: 2.4 + 3 + 0.4,
      'X-Ray': 26.05,
    },
  },
];

/** What its lines come to, with and without the keys. The page's own totals are neither. */
export function sumOfLines({ lines }: PublishedCost, withKeys: boolean): number {
  const counted = Object.entries(lines).filter(([service]) => withKeys || service !== keysLine);
  return counted.reduce((sum, [, usd]) => sum + usd, 0);
}
