import type { Alert } from '../../domain/alert.ts';

/** A link where `href` is an absolute https address; none otherwise, so that nothing else ever becomes clickable. */
export function webLinks(href: string | undefined, text: string): Alert['links'] {
  const url = href !== undefined && URL.canParse(href) ? new URL(href) : undefined;
  return url?.protocol === 'https:' ? [{ href: url.href, text }] : [];
}
