import type { Rule } from '../rule.ts';
import { SourceFile } from '../../infra/config/source-file.ts';

/** Whoever is woken finds in the README when it fires, what it looks at and changes, how to undo it and do it by hand. */
export const readmeSaysWhatPeopleNeed: Rule = {
  name: 'readme-says-what-people-need',
  check({ readme, settings, shownAs }) {
    const file = new SourceFile('', `${shownAs}/README.md`);
    if (readme === undefined)
      return [file.at([], 'is not there; write what it Fires on, Looks at, Changes, how to Undo it, and how By hand.')];
    const wanted = ['Fires', 'Looks at', 'Changes', ...(settings?.remediation ? ['Undo'] : []), 'By hand'];
    return wanted
      .filter((word) => !new RegExp(`^(\\*\\*${word}|#+ ${word})`, 'm').test(readme))
      .map((word) => file.at([], `says nothing under **${word}**; begin a paragraph with it.`));
  },
};
