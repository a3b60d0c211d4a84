import { type Price, type Priced, prices } from './cost-prices.ts';

/** How much of everything that has a price was used; what is not named was not used. */
export type Usage = Readonly<Partial<Record<Priced, number>>>;

/** What Handsoff uses by the month, by the incident, and by every further alert about an incident that is open. */
export interface UsageRates {
  readonly month: Usage;
  readonly incident: Usage;
  readonly repeat: Usage;
}

/** What a month holds. */
export interface Load {
  readonly incidents: number;
  /** Further alerts to each incident. */
  readonly repeats: number;
}

/** One line of a bill, in US dollars. */
export interface BillLine {
  readonly service: string;
  readonly usd: number;
}

/** Adds up several uses. */
export function addUsage(...uses: readonly Usage[]): Usage {
  const sum: Partial<Record<Priced, number>> = {};
  for (const use of uses) {
    for (const [name, amount] of entriesOf(use)) sum[name] = (sum[name] ?? 0) + amount;
  }
  return sum;
}

/** The same use, `times` as much. */
export function scaleUsage(use: Usage, times: number): Usage {
  return Object.fromEntries(entriesOf(use).map(([name, amount]) => [name, amount * times]));
}

/** What the longer play used beyond the shorter one. */
export function usageBeyond(longer: Usage, shorter: Usage): Usage {
  return addUsage(longer, scaleUsage(shorter, -1));
}

/** What a month uses. An incident is charged for all the months that it is kept, which a full table pays each month. */
export function monthlyUsage({ month, incident, repeat }: UsageRates, { incidents, repeats }: Load): Usage {
  return addUsage(month, scaleUsage(incident, incidents), scaleUsage(repeat, incidents * repeats));
}

/** The bill of a month by service, in the order of the price table. */
export function billOf(usage: Usage): readonly BillLine[] {
  const sums = new Map<string, number>();
  const table: Readonly<Record<Priced, Price>> = prices;
  for (const [name, { service, usd, per }] of Object.entries(table)) {
    const amount = usage[name as Priced] ?? 0;
    sums.set(service, (sums.get(service) ?? 0) + (amount * usd) / per);
  }
  return [...sums].map(([service, usd]) => ({ service, usd }));
}

/** What a bill comes to, in US dollars. */
export function totalOf(bill: readonly BillLine[]): number {
  return bill.reduce((sum, { usd }) => sum + usd, 0);
}

function entriesOf(use: Usage): [Priced, number][] {
  return Object.entries(use) as [Priced, number][];
}
