import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { SourceFile } from '../../infra/config/source-file.ts';
import type { Rule } from '../rule.ts';

/** Every file of YAML is called `.yaml`: by another name nobody reads it. */
export const filesAreRead: Rule = {
  name: 'files-are-read',
  check({ directory, shownAs }) {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /\.yml$/i.test(name))
      .toSorted()
      .map((name) =>
        new SourceFile('', `${shownAs}/${name}`).at(
          [],
          `is not read; call it ${basename(name).replace(/yml$/i, 'yaml')}.`,
        ),
      );
  },
};
