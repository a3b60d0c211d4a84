import { UnsupportedInSandboxError } from '../aws.ts';
import { isRecord } from '../members.ts';

/** What Slack says against one block, with the place as a JSON pointer. */
export interface BlockFault {
  readonly pointer: string;
  readonly message: string;
}

type Check = (value: Record<string, unknown>, pointer: string) => BlockFault[];

/** https://docs.slack.dev/reference/block-kit/blocks */
const maxBlocks = 50;
const maxIdLength = 255;

/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
const maxTextLength = 3000;

/**
 * What Slack takes of text in all blocks of a message together, which no page says. It was seen to refuse 11,341 characters
 * (https://github.com/slackapi/bolt-js/issues/2867), and elsewhere only 13,200 (https://github.com/slackapi/bolt-js/issues/2509);
 * the sandbox takes less than either.
 */
const maxTextOfMessage = 11_000;

/** Blocks and elements that Slack has and nobody here needed yet. */
const elsewhere = new Set([
  'image',
  'file',
  'input',
  'rich_text',
  'video',
  'markdown',
  'table',
  'call',
  'context_actions',
]);

const blockChecks: Readonly<Record<string, { readonly allowed: readonly string[]; readonly check: Check }>> = {
  header: { allowed: ['text'], check: ({ text }, at) => textFaults(text, `${at}/text`, 150, ['plain_text']) },
  section: { allowed: ['text', 'fields', 'expand'], check: sectionFaults },
  actions: {
    allowed: ['elements'],
    check: ({ elements }, at) => listFaults(elements, `${at}/elements`, 25, buttonFaults),
  },
  context: {
    allowed: ['elements'],
    check: ({ elements }, at) => listFaults(elements, `${at}/elements`, 10, (one, place) => textFaults(one, place)),
  },
  divider: { allowed: [], check: () => [] },
};

/** Everything that Slack would refuse about the blocks of a message. Throws UnsupportedInSandboxError for kinds it has and the sandbox has not. */
export function blockFaults(blocks: unknown): BlockFault[] {
  if (!Array.isArray(blocks)) return [fault('/blocks', 'must be an array')];
  if (blocks.length > maxBlocks) return [fault('/blocks', `no more than ${maxBlocks} items allowed`)];
  const ids = blocks.flatMap((block) =>
    isRecord(block) && block['block_id'] !== undefined ? [block['block_id']] : [],
  );
  const doubled = new Set(ids).size < ids.length ? [fault('/blocks', '`block_id` must be unique')] : [];
  return [...doubled, ...blocks.flatMap((block, index) => blockFault(block, `/blocks/${index}`))];
}

/** Whether the blocks of a message have more text than Slack takes of all of them together. */
export function isTooLong(blocks: unknown): boolean {
  return textLengthOf(blocks) > maxTextOfMessage;
}

/** The characters of every text object anywhere below a value. */
function textLengthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = isRecord(value) && typeof value['text'] === 'string' ? value['text'].length : 0;
  return Object.values(value).reduce((sum: number, inner) => sum + textLengthOf(inner), own);
}

function blockFault(block: unknown, at: string): BlockFault[] {
  if (!isRecord(block)) return [fault(at, 'must be an object')];
  const type = String(block['type']);
  if (elsewhere.has(type)) throw new UnsupportedInSandboxError(`Slack's block ${type}`);
  const known = Object.hasOwn(blockChecks, type) ? blockChecks[type] : undefined;
  if (!known) return [fault(`${at}/type`, `unsupported type: ${type}`)];
  const unknown = extraFaults(block, ['type', 'block_id', ...known.allowed], at);
  return [
    ...unknown,
    ...lengthFaults(block['block_id'], `${at}/block_id`, maxIdLength, 'optional'),
    ...known.check(block, at),
  ];
}

function sectionFaults({ text, fields }: Record<string, unknown>, at: string): BlockFault[] {
  if (text === undefined && fields === undefined) return [fault(at, 'missing required field: text or fields')];
  return [
    ...(text === undefined ? [] : textFaults(text, `${at}/text`)),
    ...(fields === undefined
      ? []
      : listFaults(fields, `${at}/fields`, 10, (one, place) => textFaults(one, place, 2000))),
  ];
}

function textFaults(
  text: unknown,
  at: string,
  maxLength = maxTextLength,
  types: readonly string[] = ['plain_text', 'mrkdwn'],
): BlockFault[] {
  if (!isRecord(text)) return [fault(at, 'must be a text object')];
  const type = String(text['type']);
  if (!types.includes(type)) return [fault(`${at}/type`, `must be one of: ${types.join(', ')}`)];
  const allowed = ['type', 'text', type === 'plain_text' ? 'emoji' : 'verbatim'];
  return [...extraFaults(text, allowed, at), ...lengthFaults(text['text'], `${at}/text`, maxLength)];
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
function buttonFaults(button: unknown, at: string): BlockFault[] {
  if (!isRecord(button)) return [fault(at, 'must be an object')];
  if (button['type'] !== 'button') throw new UnsupportedInSandboxError(`Slack's element ${String(button['type'])}`);
  const { text, action_id, value, url, style, confirm, accessibility_label } = button;
  return [
    ...extraFaults(
      button,
      ['type', 'text', 'action_id', 'value', 'url', 'style', 'confirm', 'accessibility_label'],
      at,
    ),
    ...textFaults(text, `${at}/text`, 75, ['plain_text']),
    ...lengthFaults(action_id, `${at}/action_id`, maxIdLength, 'optional'),
    ...lengthFaults(value, `${at}/value`, 2000, 'optional'),
    ...lengthFaults(url, `${at}/url`, 3000, 'optional'),
    ...lengthFaults(accessibility_label, `${at}/accessibility_label`, 75, 'optional'),
    ...(style === undefined || style === 'primary' || style === 'danger'
      ? []
      : [fault(`${at}/style`, 'must be primary or danger')]),
    ...(confirm === undefined ? [] : confirmFaults(confirm, `${at}/confirm`)),
  ];
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
function confirmFaults(confirm: unknown, at: string): BlockFault[] {
  if (!isRecord(confirm)) return [fault(at, 'must be an object')];
  return [
    ...extraFaults(confirm, ['title', 'text', 'confirm', 'deny', 'style'], at),
    ...textFaults(confirm['title'], `${at}/title`, 100, ['plain_text']),
    ...textFaults(confirm['text'], `${at}/text`, 300),
    ...textFaults(confirm['confirm'], `${at}/confirm`, 30, ['plain_text']),
    ...textFaults(confirm['deny'], `${at}/deny`, 30, ['plain_text']),
  ];
}

function listFaults(
  list: unknown,
  at: string,
  maxItems: number,
  check: (one: unknown, at: string) => BlockFault[],
): BlockFault[] {
  if (!Array.isArray(list) || list.length === 0) return [fault(at, 'must have at least 1 item')];
  if (list.length > maxItems) return [fault(at, `no more than ${maxItems} items allowed`)];
  return list.flatMap((one, index) => check(one, `${at}/${index}`));
}

function lengthFaults(
  value: unknown,
  at: string,
  maxLength: number,
  presence: 'required' | 'optional' = 'required',
): BlockFault[] {
  if (value === undefined && presence === 'optional') return [];
  if (typeof value !== 'string') return [fault(at, 'must be a string')];
  if (value.length === 0) return [fault(at, 'must be more than 0 characters')];
  return value.length > maxLength ? [fault(at, `must be less than ${maxLength + 1} characters`)] : [];
}

function extraFaults(value: Record<string, unknown>, allowed: readonly string[], at: string): BlockFault[] {
  const extra = Object.keys(value).filter((key) => !allowed.includes(key));
  return extra.map((key) => fault(at, `invalid additional property: ${key}`));
}

function fault(pointer: string, message: string): BlockFault {
  return { pointer, message };
}
