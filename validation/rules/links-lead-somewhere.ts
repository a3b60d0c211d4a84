import { checkLinks } from '../links.ts';
import type { Rule } from '../rule.ts';

/** Every relative link of the README leads to something that is there. */
export const linksLeadSomewhere: Rule = {
  name: 'links-lead-somewhere',
  check: ({ readme, shownAs, directory }) =>
    readme === undefined ? [] : checkLinks(directory.slice(0, -shownAs.length), `${shownAs}/README.md`, readme),
};
