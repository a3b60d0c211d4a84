import { isObject, type Json, type JsonObject } from '../json.ts';

/** Gives `Map.Item` of the context object for every item of an array, or for every member of an object. */
export function describeItems(items: Json): readonly JsonObject[] {
  const Source = 'STATE_DATA';
  if (Array.isArray(items)) return items.map((Value, Index) => ({ Index, Value, Source }));
  const members = isObject(items) ? Object.entries(items) : [];
  return members.map(([Key, Value], Index) => ({ Index, Key, Value, Source }));
}
