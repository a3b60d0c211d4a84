import type { Message, ThreadDetail } from './message.ts';
import { cutText } from './plain-text.ts';
import {
  actionsBlock,
  contextBlock,
  escapeSlack,
  fieldsBlock,
  fitMessage,
  headerBlock,
  linksBlock,
  listBlock,
  partBlocks,
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
  /** What stands there instead of them where Slack refuses their form: whatever was cut, it can be answered. */
  readonly inShort: SlackBlock[];
}

/** A line that Slack takes whatever it has refused before. */
const maxShortLength = 1000;

/** The one message of an incident, as it stands now; it is edited in place as the incident moves. */
export function renderSlackRoot(message: Message): SlackText {
  const { status, facts, summary, findings, changed, people, next, byHand, buttons, links, senderLinks, incidentId } =
    message;
  return {
    text: fallbackOf(`${status} ${next}`),
    blocks: fitMessage([
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
    ]),
    inShort: [...textBlock(cutText(`${status} ${next}`, maxShortLength)), ...actionsBlock(buttons)],
  };
}

/** A channel takes about one message a second, and whoever tells it waits for a minute: https://docs.slack.dev/apis/web-api/rate-limits */
const maxReplies = 5;

/** What stands below a reply beside its byline, in characters at the most. */
const footnoteLength = 100;

/** One line of the timeline, for the thread below the message: more than one reply where one cannot take the whole timeline. */
export function renderSlackThread({ title, text, findings, byline, timeline }: ThreadDetail): SlackText[] {
  const blocks = [
    ...textBlock(`${title}: ${text}`),
    ...listBlock('Found', findings),
    ...piecesOf(timeline ?? '').flatMap(textBlock),
  ];
  const parts = partBlocks(blocks, byline.length + footnoteLength);
  return parts.slice(0, maxReplies).map((part, index) => {
    const place = parts.length > 1 ? `, ${index + 1} of ${parts.length}` : '';
    const isCut = index === maxReplies - 1 && parts.length > maxReplies;
    const cut = isCut ? ` (cut: the timeline is longer than ${maxReplies} messages)` : '';
    return {
      text: fallbackOf(index === 0 ? `${title}: ${text}` : `${title}${place}`),
      blocks: [...part, contextBlock(`${byline}${place}${cut}`)],
      inShort: [],
    };
  });
}

/** Cut before it is escaped, so that no entity is cut in two. */
function fallbackOf(text: string): string {
  return escapeSlack(cutText(text, slackBudgets.text));
}
