/**
 * The rule that makes an event regularly which goes the way of every alert and is shown to nobody; and the reason that
 * triage has for that, which is also the metric that says that it got there.
 *
 * A quarter of an hour is 2,900 runs a month: no Standard execution, 3 cents for Express, function and table, 40 for the
 * metric and its alarm. https://aws.amazon.com/cloudwatch/pricing/
 */
export const selfTest = { rule: 'handsoff-self-test', reason: 'self-test', everyMinutes: 15 } as const;
