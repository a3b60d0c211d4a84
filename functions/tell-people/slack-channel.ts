import type { Delivery, DeliveryLog, SlackRoot } from '../adapters/delivery-log.ts';
import type { OnShortened, Slack } from '../adapters/slack.ts';
import { SlackRefusedError } from '../adapters/slack-errors.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import { slackChannelOf } from '../domain/slack-channel-of.ts';
import type { Message } from '../domain/telling/message.ts';
import { renderSlackRoot, renderSlackThread, type SlackText } from '../domain/telling/render-slack.ts';
import { whatToSay } from '../domain/telling/what-to-say.ts';
import type { Channel, HowOf, Telling } from './channel.ts';
import { deliverOnce } from './deliver-once.ts';

export interface SlackPorts {
  readonly deliveries: Pick<DeliveryLog, 'claim' | 'release' | 'markSent' | 'toldInChat' | 'saveSlackRoot'>;
  readonly slack: Pick<Slack, 'isConfigured' | 'postRoot' | 'updateRoot' | 'postThread'>;
  readonly howOf: HowOf;
  readonly config: Pick<DeployedConfig, 'services' | 'channels'>;
}

/** Pages go over SNS: chat that is down may delay them by this much and no more. */
const patienceSeconds = 60;

/** The message is gone or may not be edited any more: a new one takes its place. */
const goneMessage = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/**
 * One message per incident, edited as it moves, with a line in its thread for everything that happened. Lines that could
 * not be told before are told first, so that the thread stays whole and in order.
 */
export function slackChannel(ports: SlackPorts): Channel {
  return { name: 'slack', patienceSeconds, tell: async (telling, now) => tellSlack(telling, ports, now) };
}

async function tellSlack(telling: Telling, ports: SlackPorts, now: Date) {
  const channel = slackChannelOf(telling.incident.service, ports.config);
  if (!channel || !(await ports.slack.isConfigured())) return { outcome: 'not-configured' } as const;
  const { sent, root } = await ports.deliveries.toldInChat(telling.incident.id);
  const due = telling.timeline.filter(({ seq, id }) => seq <= telling.entry.seq && !sent.has(id));
  if (due.length === 0) return { outcome: 'already' } as const;
  const refusals = new Set<string>();
  const thread = { channel, ports, now, onShortened: (why: string) => void refusals.add(why) };
  try {
    let known = root;
    for (const entry of due) known = await tellLine({ ...telling, entry }, known, thread);
    return refusals.size > 0
      ? ({ outcome: 'shortened', reason: [...refusals].join(' ') } as const)
      : ({ outcome: 'told' } as const);
  } catch (error) {
    if (error instanceof SlackRefusedError) return { outcome: 'refused', reason: error.message } as const;
    throw error;
  }
}

/** Where all lines of an incident are told, and how. */
interface Thread {
  readonly channel: string;
  readonly ports: SlackPorts;
  readonly now: Date;
  readonly onShortened: OnShortened;
}

/** Answers the incident's message as it is from then on. */
async function tellLine(
  { incident, timeline, entry }: Telling,
  known: SlackRoot | undefined,
  thread: Thread,
): Promise<SlackRoot | undefined> {
  const { ports, now } = thread;
  const delivery: Delivery = { incidentId: incident.id, channel: 'slack', entryId: entry.id };
  let root = known;
  await deliverOnce(ports.deliveries, delivery, now, async (sent) => {
    const message = whatToSay(incident, timeline, entry, ports.howOf(incident));
    const shown = await showRoot(message, incident.version, known, thread, sent);
    root = shown;
    const [reply, ...more] = message.thread ? renderSlackThread(message.thread) : [];
    if (reply && more.length > 0) await postReplies([reply, ...more], shown, delivery, thread);
    else if (reply) {
      await ports.slack.postThread(shown, reply, thread.onShortened);
      sent();
    }
    return shown.ts;
  });
  return root;
}

/** Each of several replies is a delivery of its own, so that a try that ended half way goes on where it ended. */
async function postReplies(
  replies: readonly SlackText[],
  root: SlackRoot,
  delivery: Delivery,
  { ports: { deliveries, slack }, now, onShortened }: Thread,
): Promise<void> {
  for (const [index, reply] of replies.entries()) {
    const part = { ...delivery, entryId: `${delivery.entryId}/${index + 1}` };
    await deliverOnce(deliveries, part, now, async (sent) => {
      const { ts } = await slack.postThread(root, reply, onShortened);
      sent();
      return ts;
    });
  }
}

/** The incident's message, brought up to `version`. It never goes back to an older one. */
async function showRoot(
  message: Message,
  version: number,
  known: SlackRoot | undefined,
  thread: Thread,
  sent: () => void,
): Promise<SlackRoot> {
  const { channel, ports, now, onShortened } = thread;
  if (known && known.version >= version) return known;
  const place = known
    ? await editOrReplace(known, message, thread)
    : await ports.slack.postRoot(channel, renderSlackRoot(message), onShortened);
  // An edit made twice is the same edit; a message posted twice is two.
  if (place.ts !== known?.ts) sent();
  const root = { ...place, version };
  await ports.deliveries.saveSlackRoot(message.incidentId, root, now);
  return root;
}

async function editOrReplace({ channel, ts }: SlackRoot, message: Message, { ports: { slack }, onShortened }: Thread) {
  const text = renderSlackRoot(message);
  try {
    await slack.updateRoot({ channel, ts }, text, onShortened);
    return { channel, ts };
  } catch (error) {
    if (error instanceof SlackRefusedError && goneMessage.has(error.code))
      return slack.postRoot(channel, text, onShortened);
    throw error;
  }
}
