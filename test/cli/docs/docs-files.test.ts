import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { docsFiles, staleFiles, writeFiles } from '../../../cli/docs/docs-files.ts';
import { listRunbooks } from '../../../validation/runbook-source.ts';
import { AProject } from '../../infra/a-project.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

let project: AProject;
let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  project = new AProject();
  files = await docsFiles(project.root);
});

describe('docsFiles', () => {
  it('has a page and a picture for every runbook, and a table of all', () => {
    for (const id of listRunbooks(checkout)) {
      expect(files.get(`docs/runbooks/${id}.md`)).toContain(`![State machine of ${id}](${id}.svg)`);
      expect(files.get(`docs/runbooks/${id}.svg`)).toMatch(/^<svg /);
      expect(files.get('docs/runbooks/README.md')).toContain(`[${id}](${id}.md)`);
    }
  });

  it('says on a page all that somebody needs to do it by hand', () => {
    const page = files.get('docs/runbooks/disk-space-low.md') ?? '';
    for (const heading of ['What', 'Where', 'By hand', 'When it fires', 'What it changes', 'How it is undone'])
      expect(page).toContain(`\n## ${heading}\n`);
    expect(page).toContain('1. Look at the metric around the alarm.');
    expect(page).toContain('df -h -- "$MOUNT"');
    expect(page).toContain('Somebody of `sre`');
    expect(page).toContain('| `Path` | `payload.custom_details.dimensions.path` |');
    expect(page).toContain('By `restore-logs`, by itself');
    expect(page).toContain('`compress-recovers`');
  });

  it('makes the same files each time, wherever the project lies', async () => {
    expect(await docsFiles(checkout)).toEqual(files);
  });
});

describe('the docs in the repository', () => {
  it('are current; run: npx handsoff docs', () => {
    expect(staleFiles(checkout, files)).toEqual([]);
  });
});

describe('staleFiles', () => {
  it('names what is missing, what has changed, and what belongs to no runbook any more', () => {
    const names = [...files.keys()];
    expect(staleFiles(project.root, files)).toEqual(names.filter((name) => name.startsWith('docs/')).toSorted());
    writeFiles(project.root, files, names);
    expect(staleFiles(project.root, files)).toEqual([]);
    project.edit('docs/runbooks/default.md', '# ', '## ');
    project.write('docs/runbooks/gone.md', '');
    expect(staleFiles(project.root, files)).toEqual(['docs/runbooks/default.md', 'docs/runbooks/gone.md']);
    writeFiles(project.root, files, staleFiles(project.root, files));
    expect(existsSync(join(project.root, 'docs/runbooks/gone.md'))).toBe(false);
    expect(readFileSync(join(project.root, 'docs/runbooks/default.md'), 'utf8')).toMatch(/^# /);
  });
});
