import type { Message } from './message.ts';
import { cutBytes } from './plain-text.ts';

/** What one publication says. */
export interface SnsText {
  /** Printable ASCII that starts with a letter, number or punctuation mark and stays below SNS's 100 characters. */
  readonly subject: string;
  /** Plain text of at most 8 KB; SNS takes 256 KB: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  readonly message: string;
  /**
   * What a telephone gets: 140 characters of ASCII are one SMS. Longer ones are cut in parts, each of which is billed:
   * https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
   */
  readonly sms: string;
}

const maxSubjectLength = 99;
const maxMessageBytes = 8192;
const maxSmsLength = 140;

const asciiFor: Readonly<Record<string, string>> = {
  '·': '-',
  '–': '-',
  '—': '-',
  '…': '...',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
};

/** One line's publication. Its first line stands alone on a lock screen; what to do comes next, the evidence after it. */
export function renderSns(message: Message): SnsText {
  const { headline, happened, next, byHand, findings, changed, people, links, senderLinks, timeline } = message;
  const parts = [
    headline,
    message.kind === 'triggered' ? happened : [happened, message.summary[0] ?? ''].filter(Boolean).join('\n'),
    `Next: ${next}`,
    list('By hand', byHand),
    list('Found', findings),
    list('Changed', changed.length > 0 ? changed : ['nothing']),
    list('People', people),
    list(
      'Links',
      links.map(({ text, href }) => `${text}: ${href}`),
    ),
    list('Links from the sender', senderLinks),
    message.facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
    message.incidentId,
    timeline && `Timeline\n\n${timeline}`,
  ];
  const text = parts.filter(Boolean).join('\n\n');
  return {
    subject: subjectOf(headline),
    sms: cutAscii(`${asciiOf(headline)}. ${asciiOf(next)}`, maxSmsLength),
    message: cutBytes(text, maxMessageBytes, `\n[cut here; the whole of it is in ${message.incidentId}]`),
  };
}

function list(title: string, lines: readonly string[]): string {
  return lines.length > 0 ? [`${title}:`, ...lines.map((line) => `- ${line}`)].join('\n') : '';
}

function subjectOf(headline: string): string {
  return cutAscii(asciiOf(headline), maxSubjectLength);
}

function asciiOf(text: string): string {
  const folded = text.replace(/[·–—…’‘“”]/g, (character) => asciiFor[character] ?? '?').normalize('NFKD');
  return folded.replace(/\p{M}/gu, '').replace(/[^\x20-\x7E]/gu, '?');
}

function cutAscii(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 3)}...`;
}
