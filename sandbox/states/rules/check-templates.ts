import { isObject, type Json } from '../json.ts';
import { checkPathText } from './field-form.ts';
import { type Problem, schemaProblem } from './problem.ts';
import { asArray, listStates, type ScopeSite, type StateSite } from './site.ts';

const MAP_TEMPLATES = [
  ['ItemReader', 'Parameters'],
  ['ItemBatcher', 'BatchInput'],
] as const;
const TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign'];

/** Checks the payload templates of JSONPath states: what a field ending in `.$` holds. */
export function checkTemplates(scope: ScopeSite): readonly Problem[] {
  return listStates(scope)
    .filter((site) => site.language === 'JSONPath')
    .flatMap(checkState);
}

function checkState({ state, path }: StateSite): readonly Problem[] {
  const own = TEMPLATES.flatMap((field) => checkTemplate(`${path}/${field}`, state[field] ?? null));
  const inner = ['Choices', 'Catch'].flatMap((field) =>
    asArray(state[field]).flatMap((entry, index) =>
      isObject(entry) ? checkTemplate(`${path}/${field}[${index}]/Assign`, entry['Assign'] ?? null) : [],
    ),
  );
  const ofMap = MAP_TEMPLATES.flatMap(([field, member]) => {
    const holder = state[field];
    return isObject(holder) ? checkTemplate(`${path}/${field}/${member}`, holder[member] ?? null) : [];
  });
  return [...own, ...inner, ...ofMap];
}

function checkTemplate(path: string, template: Json): readonly Problem[] {
  if (Array.isArray(template)) return template.flatMap((item, index) => checkTemplate(`${path}[${index}]`, item));
  if (!isObject(template)) return [];
  return Object.entries(template).flatMap(([key, value]) => {
    if (Object.hasOwn(template, `${key}.$`)) {
      return [schemaProblem(`${path}/${key}`, `The field name must be unique, and '${key}.$' makes it as well`)];
    }
    if (!key.endsWith('.$')) return checkTemplate(`${path}/${key}`, value);
    const message = `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`;
    return typeof value === 'string'
      ? checkPathText(`${path}/${key}`, value, message)
      : [schemaProblem(`${path}/${key}`, message)];
  });
}
