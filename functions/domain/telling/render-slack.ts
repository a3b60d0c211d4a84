import type { Message, ThreadDetail } from './message.ts';
import { cutText } from './plain-text.ts';
import {
  actionsBlock,
  contextBlock,
  escapeSlack,
  fieldsBlock,
  headerBlock,
  linksBlock,
  listBlock,
  piecesOf,
  type SlackBlock,
  slackBudgets,
  textBlock,
} from './slack-blocks.ts';

/** A message as Slack takes it. */
export interface SlackText {
  /** What notifications show instead of the blocks: escaped, and far below Slack's 40,000 characters. */
  readonly text: string;
  readonly blocks: SlackBlock[];
}

/** The one message of an incident, as it stands now; it is edited in place as the incident moves. */
export function renderSlackRoot(message: Message): SlackText {
  const { status, facts, summary, findings, changed, people, next, byHand, buttons, links, senderLinks, incidentId } =
    message;
  return {
    text: fallbackOf(`${status} ${next}`),
    blocks: [
      headerBlock(status),
      ...textBlock(summary.join('\n\n')),
      ...textBlock(`Next: ${next}`),
      ...listBlock('Found', findings),
      ...listBlock('Changed', changed),
      ...listBlock('People', people),
      ...listBlock('By hand', byHand),
      ...actionsBlock(buttons),
      fieldsBlock(facts),
      ...linksBlock(links),
      ...listBlock('Links from the sender', senderLinks),
      contextBlock(incidentId),
    ],
  };
}

/** One line of the timeline, for the thread below the message. */
export function renderSlackThread(detail: ThreadDetail): SlackText {
  const { title, text, findings, byline, timeline } = detail;
  const blocks = [
    ...textBlock(`${title}: ${text}`),
    ...listBlock('Found', findings),
    ...piecesOf(timeline ?? '').flatMap(textBlock),
  ];
  const kept = blocks.slice(0, slackBudgets.blocks - 1);
  const cut = blocks.length > kept.length ? ' (cut: the timeline is longer than one message)' : '';
  return { text: fallbackOf(`${title}: ${text}`), blocks: [...kept, contextBlock(`${byline}${cut}`)] };
}

/** Cut before it is escaped, so that no entity is cut in two. */
function fallbackOf(text: string): string {
  return escapeSlack(cutText(text, slackBudgets.text));
}
