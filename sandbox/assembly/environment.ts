import { AssemblyError } from './assembly-error.ts';

/** The account and region that an assembly is resolved for. */
export interface Environment {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** `amazonaws.com`, or `amazonaws.com.cn` in China. */
  readonly urlSuffix: string;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Builds the environment of one account and region. Throws an `AssemblyError` for what is not an account or a region. */
export function environmentOf(account: string, region: string): Environment {
  if (!/^\d{12}$/.test(account)) throw new AssemblyError([`An account has 12 digits, and "${account}" has not.`]);
  if (!REGION.test(region)) throw new AssemblyError([`"${region}" is not a region such as "eu-central-1".`]);
  const partition = partitionOf(region);
  return { account, region, partition, urlSuffix: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com' };
}

/** Puts the environment into `${AWS::AccountId}`, `${AWS::Region}` and `${AWS::Partition}`, as the CDK CLI does. */
export function fillEnvironment(text: string, environment: Environment): string {
  return text
    .replaceAll('${AWS::AccountId}', environment.account)
    .replaceAll('${AWS::Region}', environment.region)
    .replaceAll('${AWS::Partition}', environment.partition);
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
