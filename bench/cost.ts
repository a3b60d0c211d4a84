import { join } from 'node:path';
import { projectRoot } from '../cli/project-root.ts';
import { selfTest } from '../functions/domain/self-test.ts';
import { synthesise } from '../infra/synthesise.ts';
import {
  addUsage,
  billOf,
  monthlyUsage,
  scaleUsage,
  totalOf,
  type Usage,
  type UsageRates,
  usageBeyond,
} from './cost-model.ts';
import { keysLine, publishedAt, publishedCosts, sumOfLines } from './cost-peer.ts';
import { playCost } from './cost-play.ts';
import { type Priced, prices } from './cost-prices.ts';
import { assumed } from './cost-usage.ts';
import { printTable } from './table.ts';

/** Incidents a month that the bill is made for: the sizes that AWS publishes its own solution's cost for. */
export const volumes = publishedCosts.map(({ remediations }) => remediations);

/** Further alerts to each incident: the noise that the bill is made for. */
export const repeats = 50;

/** How many further alerts are played to tell what one uses. */
const playedRepeats = 10;

/** How often Handsoff tries itself in 30 days. */
const selfTestsAMonth = (30 * 24 * 60) / selfTest.everyMinutes;

/** The monthly AWS bill of Handsoff by service, from what one incident uses in the sandbox, beside AWS's own solution. */
export async function cost(): Promise<void> {
  const assembly = await synthesise({ projectRoot, outdir: join(projectRoot, '.build/bench-assembly') });
  const alone = await playCost(assembly, 0);
  const again = await playCost(assembly, playedRepeats, 'again');
  const copies = await playCost(assembly, playedRepeats, 'copy');
  const tested = await playCost(assembly, playedRepeats, 'self-test');
  const one = (usage: Usage) => scaleUsage(usageBeyond(usage, alone.usage), 1 / playedRepeats);
  const metrics = new Set([alone, again, copies, tested].flatMap((play) => [...play.metrics]));
  const rates: UsageRates = {
    month: addUsage(alone.month, { metricMonth: metrics.size }, scaleUsage(one(tested.usage), selfTestsAMonth)),
    incident: alone.usage,
    repeat: one(again.usage),
  };
  printUsage(rates, one(copies.usage));
  printBill(rates);
  printPeer(rates);
}

function printUsage({ month, incident, repeat }: UsageRates, copy: Usage): void {
  const counted = (Object.keys(prices) as Priced[]).filter((name) =>
    [month, incident, repeat, copy].some((usage) => (usage[name] ?? 0) !== 0),
  );
  console.log('What is used, counted in the sandbox on an alarm that is repaired by a restart:\n');
  printTable(
    ['service', 'unit', 'a month', 'an incident', 'the alarm again', 'a second copy'],
    counted.map((name) => [
      prices[name].service,
      prices[name].unit,
      ...[month, incident, repeat, copy].map((usage) => significant(usage[name] ?? 0)),
    ]),
  );
}

function printBill(rates: UsageRates): void {
  const loads = [0, ...volumes];
  const bills = loads.map((incidents) => billOf(monthlyUsage(rates, { incidents, repeats })));
  const services = (bills[0] ?? []).map(({ service }) => service);
  const rows = services.map((service) => [
    service,
    ...bills.map((bill) => dollars(bill.find((line) => line.service === service)?.usd ?? 0)),
  ]);
  console.log(
    `\nUS dollars a month, with ${repeats} further alerts to every incident, none deducted for the free tier:\n`,
  );
  printTable(
    ['service', ...loads.map((incidents) => `${incidents.toLocaleString('en')} incidents`)],
    [...rows, ['in all', ...bills.map((bill) => dollars(totalOf(bill)))]],
  );
  const { invocationMs, memoryMb, expressMs, expressMb, historyLineBytes, lambdaLineBytes } = assumed;
  console.log(
    `\nAssumed, because only AWS can measure it: ${invocationMs} ms of ${memoryMb} MB an invocation, ${expressMs} ms of ${expressMb} MB an execution of intake,` +
      ` ${historyLineBytes} bytes a line of a machine's log, ${lambdaLineBytes} bytes of Lambda's own lines an invocation.` +
      ' Everything is in one account and Region. Not in it: data transfer, the alarms and instances that are watched, the HTTP API (CloudWatch alarms do not pass it),' +
      ` point-in-time backup, the event archive, and metrics that these plays did not count.\nPrices, us-east-1: ${[...new Set(Object.values(prices).map(({ source }) => source))].join(', ')}`,
  );
}

function printPeer(rates: UsageRates): void {
  const rows = publishedCosts.map((published) => {
    const ours = totalOf(billOf(monthlyUsage(rates, { incidents: published.remediations, repeats })));
    return [
      published.remediations,
      published.places,
      published.findings,
      published.remediations * (repeats + 1),
      dollars(ours),
      dollars(published.total),
      dollars(sumOfLines(published, true)),
      dollars(sumOfLines(published, false)),
    ];
  });
  console.log('\nBeside what AWS publishes for Automated Security Response on AWS:\n');
  printTable(
    [
      'a month',
      'its accounts x Regions',
      'its findings',
      'our alerts',
      'Handsoff',
      'its total',
      'sum of its lines',
      `without ${keysLine}`,
    ],
    rows,
  );
  console.log(
    `\n${publishedAt}, examples 1, 3 and 4. It remediates Security Hub findings over many accounts, Handsoff alarms of one: the same number of` +
      ' repairs, not the same work. Its published totals are not the sums of its published lines, so both are here; most of them is one key' +
      ' for every account and Region, which does not grow with repairs, so the last column leaves it out. It still prices DynamoDB at twice' +
      " today's list price, and neither side deducts the free tier.",
  );
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

/** Four significant digits; counts as they are. */
function significant(amount: number): number {
  return Number.isInteger(amount) ? amount : Number(amount.toPrecision(4));
}
