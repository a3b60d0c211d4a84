import type { Message } from './message.ts';
import { cutBytes } from './plain-text.ts';

/** What one publication says. */
export interface SnsText {
  /** Printable ASCII that starts with a letter, number or punctuation mark and stays below SNS's 100 characters. */
  readonly subject: string;
  /** Plain text of at most 8 KB; SNS takes 256 KB: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  readonly message: string;
}

const maxSubjectLength = 99;
const maxMessageBytes = 8192;

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
  const { headline, happened, next, findings, changed, people, links, timeline } = message;
  const parts = [
    headline,
    message.kind === 'triggered' ? happened : [happened, message.summary[0] ?? ''].filter(Boolean).join('\n'),
    `Next: ${next}`,
    list('Found', findings),
    list('Changed', changed.length > 0 ? changed : ['nothing']),
    list('People', people),
    list(
      'Links',
      links.map(({ text, href }) => `${text}: ${href}`),
    ),
    message.facts.map(([label, value]) => `${label}: ${value}`).join('\n'),
    message.incidentId,
    timeline && `Timeline\n\n${timeline}`,
  ];
  const text = parts.filter(Boolean).join('\n\n');
  return {
    subject: subjectOf(headline),
    message: cutBytes(text, maxMessageBytes, `\n[cut here; the whole of it is in ${message.incidentId}]`),
  };
}

function list(title: string, lines: readonly string[]): string {
  return lines.length > 0 ? [`${title}:`, ...lines.map((line) => `- ${line}`)].join('\n') : '';
}

function subjectOf(headline: string): string {
  const folded = headline.replace(/[·–—…’‘“”]/g, (character) => asciiFor[character] ?? '?').normalize('NFKD');
  const ascii = folded.replace(/\p{M}/gu, '').replace(/[^\x20-\x7E]/gu, '?');
  return ascii.length <= maxSubjectLength ? ascii : `${ascii.slice(0, maxSubjectLength - 3)}...`;
}
