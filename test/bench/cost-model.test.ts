import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, billOf, monthlyUsage, scaleUsage, totalOf, usageBeyond } from '../../bench/cost-model.ts';
import { keysLine, publishedCosts, sumOfLines } from '../../bench/cost-peer.ts';
import { type Priced, prices } from '../../bench/cost-prices.ts';
import { type Played, usageOf } from '../../bench/cost-usage.ts';
import { unitsOf } from '../../bench/cost-units.ts';

const names = Object.keys(prices) as Priced[];
const someUsage = fc.dictionary(fc.constantFrom(...names), fc.nat({ max: 1_000_000 }), { noNullPrototype: true });

describe('billOf', () => {
  it.each([
    [{ transition: 1_000_000 }, 'Step Functions Standard', 25],
    [{ expressRequest: 1_000_000, expressGbSecond: 125_000 }, 'Step Functions Express', 3.08375],
    [{ lambdaRequest: 1_000_000 }, 'Lambda', 0.2],
    [{ writeUnit: 1_000_000, readUnit: 1_000_000 }, 'DynamoDB', 0.75],
    [{ automationStep: 1200 }, 'Systems Manager', 2.4],
    [{ alarmMonth: 4, metricMonth: 7 }, 'CloudWatch', 2.5],
    [{ trace: 7100 }, 'X-Ray', 0.0355],
  ])('prices %o for %s', (usage, service, usd) => {
    const line = billOf(usage).find((candidate) => candidate.service === service);
    expect(line?.usd).toBeCloseTo(usd, 6);
    expect(totalOf(billOf(usage))).toBeCloseTo(usd, 6);
  });

  it('names every service once, those that were not used too', () => {
    const services = billOf({}).map(({ service }) => service);
    expect(services).toEqual([...new Set(Object.values(prices).map(({ service }) => service))]);
    expect(totalOf(billOf({}))).toBe(0);
  });

  it('costs as much together as apart', () => {
    fc.assert(
      fc.property(someUsage, someUsage, (one, other) => {
        const apart = totalOf(billOf(one)) + totalOf(billOf(other));
        expect(totalOf(billOf(addUsage(one, other)))).toBeCloseTo(apart, 6);
      }),
    );
  });
});

describe('usageBeyond', () => {
  it('gives back what was added', () => {
    fc.assert(
      fc.property(someUsage, someUsage, (one, more) => {
        const beyond = usageBeyond(addUsage(one, more), one);
        for (const name of names) expect(beyond[name] ?? 0).toBeCloseTo(more[name] ?? 0, 6);
      }),
    );
  });
});

describe('monthlyUsage', () => {
  it('adds what a month, its incidents and their further alerts use', () => {
    const rates = { month: { alarmMonth: 15 }, incident: { transition: 14 }, repeat: { expressRequest: 1 } };
    expect(monthlyUsage(rates, { incidents: 300, repeats: 50 })).toMatchObject({
      alarmMonth: 15,
      transition: 4200,
      expressRequest: 15_000,
    });
  });

  it('costs what is there without an incident when there is none', () => {
    fc.assert(
      fc.property(someUsage, fc.nat({ max: 1000 }), (month, repeats) => {
        const usage = monthlyUsage(
          { month, incident: { transition: 14 }, repeat: { transition: 1 } },
          { incidents: 0, repeats },
        );
        expect(totalOf(billOf(usage))).toBeCloseTo(totalOf(billOf(month)), 6);
      }),
    );
  });
});

describe('unitsOf', () => {
  const text = (bytes: number) => ({ S: 'x'.repeat(bytes) });
  const item = (bytes: number, sk = 'INCIDENT') => ({ pk: { S: 'INCIDENT#1' }, sk: { S: sk }, text: text(bytes) });
  const key = { pk: { S: 'INCIDENT#1' }, sk: { S: 'INCIDENT' } };

  it.each([
    ['reads a missing item for one unit', 'GetItem', { Key: key }, [], { read: 1, write: 0 }],
    ['reads by started 4 KB', 'GetItem', { Key: key }, [item(5000)], { read: 2, write: 0 }],
    ['writes by started KB', 'PutItem', { Item: item(1500) }, [], { read: 0, write: 2 }],
    ['deletes what is not there for one unit', 'DeleteItem', { Key: key }, [], { read: 0, write: 1 }],
    [
      'writes doubly within a transaction',
      'TransactWriteItems',
      { TransactItems: [{ Put: { Item: item(100) } }, { Put: { Item: item(1500) } }, { Delete: { Key: key } }] },
      [],
      { read: 0, write: 8 },
    ],
    [
      'reads each item of a batch by itself',
      'BatchGetItem',
      { RequestItems: { table: { Keys: [key, { ...key, sk: { S: 'ENTRY#1' } }, { ...key, sk: { S: 'none' } }] } } },
      [item(5000), item(100, 'ENTRY#1')],
      { read: 4, write: 0 },
    ],
    [
      'reads all that a query finds as one',
      'Query',
      { ExpressionAttributeValues: { ':pk': { S: 'INCIDENT#1' }, ':prefix': { S: 'ENTRY#' } } },
      [item(3000, 'ENTRY#1'), item(3000, 'ENTRY#2'), item(9000)],
      { read: 2, write: 0 },
    ],
  ])('%s', (_, operation, input, items, units) => {
    expect(unitsOf({ operation, input }, items)).toEqual(units);
  });

  it('refuses an operation whose bill it does not know', () => {
    expect(() => unitsOf({ operation: 'Scan', input: {} }, [])).toThrow('dynamodb:Scan');
  });
});

describe('usageOf', () => {
  const quiet: Played = {
    calls: [],
    executions: [],
    lines: [],
    automationSteps: 0,
    items: [],
    endedAt: 0,
    logBytes: 0,
  };
  const execution = (name: string, transitions: number) => ({
    machineArn: `arn:aws:states:eu-central-1:123456789012:stateMachine:handsoff-${name}`,
    transitions,
    history: [],
  });

  it('uses nothing when nothing happens', () => {
    expect(totalOf(billOf(usageOf(quiet)))).toBe(0);
  });

  it('stores every item for as long as it is kept itself, and for nothing what all incidents share', () => {
    const day = 24 * 3600;
    const item = (sk: string, keptDays?: number) => ({
      pk: { S: 'x' },
      sk: { S: sk },
      ...(keptDays && { expires_at_epoch: { N: String(keptDays * day) } }),
    });
    const months = (...items: Played['items']) => usageOf({ ...quiet, items }).tableGbMonth ?? 0;
    expect(months(item('INCIDENT', 400)) / months(item('INCIDENT', 200))).toBeCloseTo(2, 6);
    expect(months(item('BREAKER'))).toBe(0);
  });

  it('bills intake by request and every other machine by transition', () => {
    const usage = usageOf({ ...quiet, executions: [execution('intake', 4), execution('respond', 7)] });
    expect(usage).toMatchObject({ transition: 7, expressRequest: 1 });
  });

  it('counts the readers that a line wakes: one for any line, two for one that ends a wait', () => {
    expect(usageOf({ ...quiet, lines: ['diagnosed', 'resolved'] }).lambdaRequest).toBe(3);
  });

  it('counts both readers for what a self-test leaves', () => {
    const noise = (reason: string) => ({ pk: { S: 'NOISE' }, reason: { S: reason } });
    expect(usageOf({ ...quiet, items: [noise('self-test'), noise('late')] }).lambdaRequest).toBe(2);
  });

  it('counts an invocation by its call, whatever else was called', () => {
    const calls = [
      { service: 'lambda', operation: 'Invoke', input: {} },
      { service: 'sns', operation: 'Publish', input: {} },
      { service: 'ec2', operation: 'StopInstances', input: {} },
    ];
    expect(usageOf({ ...quiet, calls })).toMatchObject({ lambdaRequest: 1, publish: 1, trace: 1 });
  });
});

describe('publishedCosts', () => {
  it('leaves out the keys and nothing else', () => {
    for (const published of publishedCosts) {
      const difference = sumOfLines(published, true) - sumOfLines(published, false);
      expect(difference).toBeCloseTo(published.lines[keysLine] ?? Number.NaN, 6);
    }
  });
});

describe('scaleUsage', () => {
  it('keeps a use that is scaled by one', () => {
    fc.assert(
      fc.property(someUsage, (usage) => {
        expect(scaleUsage(usage, 1)).toEqual(usage);
      }),
    );
  });
});
