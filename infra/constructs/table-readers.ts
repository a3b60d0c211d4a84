import { Duration } from 'aws-cdk-lib';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, type IEventSourceDlq, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { selfTest } from '../../functions/domain/self-test.ts';
import { waitEndingKinds } from '../../functions/domain/waits.ts';
import type { HandsoffFunction } from './handsoff-function.ts';
import type { WatchedQueue } from './watched-queue.ts';

export interface TableReadersProps {
  readonly table: Table;
  readonly tellPeople: HandsoffFunction;
  readonly completeWaits: HandsoffFunction;
  readonly deadLetters: WatchedQueue;
}

/** The two readers of the table's stream: every new line of a timeline is told, and ends the waits it answers. The self-test comes to both. */
export class TableReaders extends Construct {
  constructor(scope: Construct, id: string, { table, tellPeople, completeWaits, deadLetters }: TableReadersProps) {
    super(scope, id);
    // CDK's own types disagree under exactOptionalPropertyTypes: a Table is an ITable.
    const source = table as ITable;
    const keys = { sk: { S: [{ prefix: 'ENTRY#' }] } };
    const settings = {
      // From the oldest record on: a reader that is made or remade later must not miss a line.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // Tried again for an hour, as for the rules: later than that nobody is helped by a message.
      maxRecordAge: Duration.hours(1),
      onFailure: onlySend(deadLetters),
    };
    const inserted = (dynamodb: object) => FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT'), dynamodb });
    // What the self-test leaves in the noise ledger: a reader that counts none of it does not read.
    const tested = inserted({
      Keys: { sk: { S: [{ prefix: 'NOISE#' }] } },
      NewImage: { reason: { S: [selfTest.reason] } },
    });
    tellPeople.lambda.addEventSource(
      new DynamoEventSource(source, { ...settings, filters: [inserted({ Keys: keys }), tested] }),
    );
    const ending = inserted({ Keys: keys, NewImage: { kind: { S: [...waitEndingKinds] } } });
    completeWaits.lambda.addEventSource(new DynamoEventSource(source, { ...settings, filters: [ending, tested] }));
  }
}

/** CDK's own destination also grants reading the queue's attributes, which nobody needs. */
function onlySend({ queue }: WatchedQueue): IEventSourceDlq {
  return {
    bind(_mapping, handler) {
      handler.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
      return { destination: queue.queueArn };
    },
  };
}
