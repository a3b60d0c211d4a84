import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Problem, SourceFile } from '../infra/config/source-file.ts';

/** Every relative link of a page leads to something that is there. */
export function checkLinks(projectRoot: string, shownAs: string, text: string): readonly Problem[] {
  const page = new SourceFile('', shownAs);
  return [...withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].flatMap((match) => {
    const [path = ''] = (match[1] ?? '').split('#');
    if (path === '' || /^[a-z][a-z0-9+.-]*:/i.test(path)) return [];
    const target = join(projectRoot, path.startsWith('/') ? '.' : dirname(shownAs), decodeURIComponent(path));
    if (existsSync(target)) return [];
    const before = text.slice(0, match.index).split('\n');
    const problem = page.at([], `links to ${match[1]}, which is not there; correct the link.`);
    return [{ ...problem, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }];
  });
}

/** Code is blanked, not cut, so that what stands behind it keeps its place. */
function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, blank).replace(/`[^`\n]*`/g, blank);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
