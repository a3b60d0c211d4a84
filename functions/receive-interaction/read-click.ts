import { isRecord, readOptional } from '../domain/fields.ts';
import { type ButtonAction, buttonActions } from '../domain/telling/buttons.ts';
import { cutText, oneLine } from '../domain/telling/plain-text.ts';
import { actionIdOf } from '../domain/telling/slack-blocks.ts';

/** One click on one of our buttons, as Slack vouches for it. */
export interface Click {
  readonly action: ButtonAction;
  /** The incident's or the approval's id. */
  readonly value: string;
  readonly userId: string;
  /** Name and id together, as the timeline shows the person. */
  readonly by: string;
  /** Where the button stood; empty where Slack does not say. */
  readonly channel: string;
}

/**
 * Reads the form that Slack sends for a button. Undefined for anything else Slack may send to the same address.
 * https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
 */
export function readClick(body: Buffer): Click | undefined {
  const payloads = new URLSearchParams(body.toString('utf8')).getAll('payload');
  const payload = payloads.length === 1 ? parseJson(payloads[0] ?? '') : undefined;
  if (readOptional(payload, 'type') !== 'block_actions') return undefined;
  const clicked = isRecord(payload) && Array.isArray(payload['actions']) ? payload['actions'][0] : undefined;
  const action = buttonActions.find((known) => actionIdOf(known) === readOptional(clicked, 'action_id'));
  const value = readOptional(clicked, 'value');
  const userId = readOptional(payload, 'user.id');
  if (!action || !value || !/^[\w-]{1,64}$/.test(value) || !userId || !/^[UW][A-Z0-9]{1,30}$/.test(userId))
    return undefined;
  return { action, value, userId, by: personOf(payload, userId), channel: readOptional(payload, 'channel.id') ?? '' };
}

/** The name is the person's own choice, so the id stands beside it. */
function personOf(payload: unknown, userId: string): string {
  const name = oneLine(readOptional(payload, 'user.name') ?? readOptional(payload, 'user.username') ?? '');
  return name === '' ? `slack:${userId}` : `${cutText(name, 60)} (slack:${userId})`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
