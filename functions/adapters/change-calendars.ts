import { GetCalendarStateCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { CalendarState } from '../domain/change-calendar.ts';

/** The change calendars of AWS Systems Manager. */
export class ChangeCalendars {
  readonly #client: SSMClient;

  constructor(client: SSMClient) {
    this.#client = client;
  }

  /**
   * How they stand together: open only while all are. Undefined where SSM does not say, for whatever reason.
   * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCalendarState.html
   */
  async read(names: readonly string[]): Promise<CalendarState | undefined> {
    if (names.length === 0) return { state: 'open' };
    try {
      const answer = await this.#client.send(new GetCalendarStateCommand({ CalendarNames: [...names] }));
      const { State: state, NextTransitionTime: until } = answer;
      if (state === 'OPEN') return { state: 'open' };
      return state === 'CLOSED' ? { state: 'closed', ...(until && { until }) } : undefined;
    } catch {
      return undefined;
    }
  }
}
