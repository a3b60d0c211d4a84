import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every function of a project: a folder below `functions/` that has a `handler.ts`. */
export function listFunctions(projectRoot: string): string[] {
  const root = join(projectRoot, 'functions');
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'handler.ts')))
    .sort();
}
