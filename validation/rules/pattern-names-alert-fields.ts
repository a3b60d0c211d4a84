import type { Rule } from '../rule.ts';
import type { Path, Problem, SourceFile } from '../../infra/config/source-file.ts';
import { alertFields, type FieldTree } from './alert-fields.ts';

/** The event pattern asks only about fields that an alert can have; one that does not can never match. */
export const patternNamesAlertFields: Rule = {
  name: 'pattern-names-alert-fields',
  check({ manifest, settings }) {
    return manifest && settings ? check(settings.match, alertFields, ['match'], manifest) : [];
  },
};

function check(pattern: unknown, fields: FieldTree, path: Path, manifest: SourceFile): readonly Problem[] {
  if (fields === 'any' || typeof pattern !== 'object' || pattern === null) return [];
  const name = path.slice(1).join('.');
  if (Array.isArray(pattern)) {
    if (fields === 'value') return [];
    const known = Object.keys(fields).join(', ');
    return [manifest.at(path, `${name} has members in an alert; ask about one of them: ${known}.`)];
  }
  if (fields === 'value')
    return [
      manifest.at(path, `${name} is one value in an alert; write a list such as ${path.at(-1)?.toString()}: [x].`),
    ];
  return Object.entries(pattern).flatMap(([key, inner]) => {
    if (key === '$or' && Array.isArray(inner))
      return inner.flatMap((one, index) => check(one, fields, [...path, key, index], manifest));
    const found = fieldOf(fields, key.split('.'));
    if (found !== undefined) return check(inner, found, [...path, key], manifest);
    const message = `no alert has ${[name, key].filter(Boolean).join('.')}; this never matches. Here an alert has: ${Object.keys(fields).join(', ')}.`;
    return [manifest.atKey([...path, key], message)];
  });
}

/** EventBridge reads `{"a.b": …}` and `{"a": {"b": …}}` as the same. */
function fieldOf(fields: FieldTree, [name, ...rest]: readonly string[]): FieldTree | undefined {
  if (fields === 'any' || name === undefined) return fields;
  return fields === 'value' || !Object.hasOwn(fields, name) ? undefined : fieldOf(fields[name] ?? 'value', rest);
}
