import type { Button } from './buttons.ts';
import type { Link } from './links.ts';
import { cutText } from './plain-text.ts';

/** Text that Slack shows as it stands: no mentions, links or markup are read into it. */
export interface SlackPlainText {
  readonly type: 'plain_text';
  readonly text: string;
  /** Colons around a word stay colons. */
  readonly emoji: false;
}

/** Text with Slack's markup; only ever made of our own words and checked links. */
export interface SlackMarkup {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

export interface SlackButton {
  readonly type: 'button';
  readonly text: SlackPlainText;
  readonly action_id: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: {
    readonly title: SlackPlainText;
    readonly text: SlackPlainText;
    readonly confirm: SlackPlainText;
    readonly deny: SlackPlainText;
  };
}

interface TextBlock {
  readonly type: 'section';
  readonly text: SlackPlainText;
}

/** The few kinds of block that a message here is made of. */
export type SlackBlock =
  | { readonly type: 'header'; readonly text: SlackPlainText }
  | TextBlock
  | { readonly type: 'section'; readonly fields: SlackPlainText[] }
  | { readonly type: 'actions'; readonly elements: SlackButton[] }
  | { readonly type: 'context'; readonly elements: (SlackPlainText | SlackMarkup)[] };

/**
 * Budgets of Block Kit, in characters or pieces: https://docs.slack.dev/reference/block-kit/blocks,
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object and
 * https://docs.slack.dev/reference/block-kit/block-elements/button-element
 *
 * What all texts of a message may be together no page says: some were refused with 11,341 characters, see
 * https://github.com/slackapi/bolt-js/issues/2509 and https://github.com/slackapi/bolt-js/issues/2867
 */
export const slackBudgets = {
  message: 10_000,
  blocks: 50,
  text: 3000,
  header: 150,
  fields: 10,
  field: 2000,
  contextElements: 10,
  buttons: 25,
  buttonText: 75,
  buttonValue: 2000,
  confirmTitle: 100,
  confirmText: 300,
} as const;

const actionPrefix = 'handsoff:';
const styles: Readonly<Partial<Record<Button['action'], 'primary' | 'danger'>>> = {
  approve: 'primary',
  refuse: 'danger',
};

/** The `action_id` of a button, at most 255 characters. */
export function actionIdOf(action: Button['action']): string {
  return `${actionPrefix}${action}`;
}

export function headerBlock(text: string): SlackBlock {
  return { type: 'header', text: plain(text, slackBudgets.header) };
}

/** Nothing for no text: Slack refuses an empty text object. */
export function textBlock(text: string): SlackBlock[] {
  return text === '' ? [] : [{ type: 'section', text: plain(text, slackBudgets.text) }];
}

/** A titled list that is cut as a whole; nothing for no lines. */
export function listBlock(title: string, lines: readonly string[]): SlackBlock[] {
  return lines.length > 0 ? textBlock([title, ...lines.map((line) => `• ${line}`)].join('\n')) : [];
}

export function fieldsBlock(facts: readonly (readonly [string, string])[]): SlackBlock {
  const fields = facts
    .slice(0, slackBudgets.fields)
    .map(([label, value]) => plain(`${label}: ${value}`, slackBudgets.field));
  return { type: 'section', fields };
}

export function actionsBlock(buttons: readonly Button[]): SlackBlock[] {
  return buttons.length > 0
    ? [{ type: 'actions', elements: buttons.slice(0, slackBudgets.buttons).map(buttonOf) }]
    : [];
}

export function contextBlock(text: string): SlackBlock {
  return { type: 'context', elements: [plain(text, slackBudgets.text)] };
}

/** Links with our own or escaped labels, each in an element of its own so that cutting never breaks one. */
export function linksBlock(links: readonly Link[]): SlackBlock[] {
  const elements = links.slice(0, slackBudgets.contextElements).map(linkOf);
  return elements.length > 0 ? [{ type: 'context', elements }] : [];
}

/** `&`, `<` and `>` as Slack wants them wherever it reads markup: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text cut by lines into pieces that each fit one text object. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const line of text.split('\n').map((whole) => cutText(whole, slackBudgets.text))) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + line.length < slackBudgets.text)
      pieces[pieces.length - 1] = `${last}\n${line}`;
    else pieces.push(line);
  }
  return pieces.filter((piece) => piece.trim() !== '');
}

/**
 * Blocks that fit into one message: the longest sections are cut first, all to one length. What has no text of its own, such
 * as the buttons, stays as it is.
 */
export function fitMessage(blocks: readonly SlackBlock[]): SlackBlock[] {
  const lengths = blocks.flatMap((block) => (isText(block) ? [block.text.text.length] : []));
  const others = textLengthOf(blocks) - lengths.reduce((sum, length) => sum + length, 0);
  const most = evenLength(lengths, slackBudgets.message - others);
  return blocks.map((block) => (isText(block) ? { ...block, text: plain(block.text.text, most) } : block));
}

/** Blocks in their order, parted so that each part fits into one message beside a foot of so many characters. */
export function partBlocks(blocks: readonly SlackBlock[], footLength: number): SlackBlock[][] {
  const parts: SlackBlock[][] = [];
  for (const block of blocks) {
    const last = parts.at(-1);
    if (last && textLengthOf([...last, block]) + footLength <= slackBudgets.message) last.push(block);
    else parts.push([block]);
  }
  return parts;
}

/** The length to which the longest are cut so that all of them together have no more than `room`. */
function evenLength(lengths: readonly number[], room: number): number {
  let left = room;
  for (const [index, length] of lengths.toSorted((one, other) => one - other).entries()) {
    const share = Math.floor(left / (lengths.length - index));
    if (length > share) return Math.max(share, 1);
    left -= length;
  }
  return slackBudgets.text;
}

function isText(block: SlackBlock): block is TextBlock {
  return block.type === 'section' && 'text' in block;
}

/** The characters of every text anywhere below a value. */
function textLengthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = 'text' in value && typeof value.text === 'string' ? value.text.length : 0;
  return Object.values(value).reduce((sum: number, inner) => sum + textLengthOf(inner), own);
}

function linkOf({ href, text }: Link): SlackMarkup {
  const safeHref = href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('&', '&amp;');
  const label = escapeSlack(text.replaceAll(/[*_~`|]/g, ' ')).trim();
  return { type: 'mrkdwn', text: `<${safeHref}|${label}>`, verbatim: true };
}

function buttonOf({ action, label, value, confirm }: Button): SlackButton {
  const style = styles[action];
  return {
    type: 'button',
    text: plain(label, slackBudgets.buttonText),
    action_id: actionIdOf(action),
    value: value.slice(0, slackBudgets.buttonValue),
    ...(style && { style }),
    ...(confirm && { confirm: confirmOf(label, confirm) }),
  };
}

function confirmOf(label: string, text: string) {
  return {
    title: plain(`${label}?`, slackBudgets.confirmTitle),
    text: plain(text, slackBudgets.confirmText),
    confirm: plain(label, 30),
    deny: plain('Cancel', 30),
  };
}

function plain(text: string, maxLength: number): SlackPlainText {
  return { type: 'plain_text', text: cutText(text, maxLength), emoji: false };
}
