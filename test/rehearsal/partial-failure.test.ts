import { describe, expect, it } from 'vitest';
import { failedInPart } from '../../rehearsal/partial-failure.ts';

const said = 'INTERNAL_ERROR';

describe('an answer that succeeds in nothing', () => {
  it('lists as many failures as there would have been successes, as the SDK names them', () => {
    const answer = { tasks: [{ taskArn: 'a' }, { taskArn: 'b' }] };
    const failure = { arn: said, reason: said, detail: said };
    expect(failedInPart('ecs', 'DescribeTasks', answer)).toEqual({ tasks: [], failures: [failure, failure] });
  });

  it('says what is nested, too', () => {
    expect(failedInPart('ec2', 'DeleteFlowLogs', {})).toEqual({
      Unsuccessful: [{ ResourceId: said, Error: { Code: said, Message: said } }],
    });
  });

  it('has no values of a metric that CloudWatch could not read', () => {
    const answer = { MetricDataResults: [{ Id: 'm1', Values: [3], Timestamps: ['now'], StatusCode: 'Complete' }] };
    expect(failedInPart('cloudwatch', 'GetMetricData', answer)).toEqual({
      MetricDataResults: [{ Id: 'm1', Values: [], Timestamps: [], StatusCode: 'InternalError' }],
    });
  });

  it('is what the world shows where the client of the service is not installed', () => {
    const answer = { Records: [{}], FailedRecords: [] };
    expect(failedInPart('firehose', 'PutRecordBatch', answer)).toEqual({
      Records: [],
      FailedRecords: [expect.objectContaining({ ErrorCode: said })],
    });
  });

  it.each([
    ['ec2', 'DescribeInstances', { Reservations: [{}] }],
    ['rds', 'DescribeDBInstances', { DBInstances: [{}] }],
    ['ec2', 'GetDeclarativePoliciesReportSummary', { NumberOfFailedAccounts: '0' }],
  ])('is none of %s:%s, which says no such thing', (service, operation, answer) => {
    expect(failedInPart(service, operation, answer)).toBeUndefined();
  });
});
