/**
 * The rule that makes an event regularly which goes the way of every alert and is shown to nobody; and the reason that
 * triage has for that, which is also the metric that says that it got there.
 *
 * A quarter of an hour is 2,900 runs a month: no Standard execution, 5 cents for Express, functions and table, 40 for each
 * of the three metrics with its alarm. https://aws.amazon.com/cloudwatch/pricing/
 */
export const selfTest = { rule: 'handsoff-self-test', reason: 'self-test', everyMinutes: 15 } as const;

/** Functions that read the table's stream: its line in the noise ledger goes on to them, and is counted. */
type SelfTestReader = 'tell-people' | 'complete-waits';

/** The metric that says that the self-test got as far as a reader of the stream. */
export function selfTestSeenBy(reader: SelfTestReader): string {
  return `${selfTest.reason}-${reader}`;
}
