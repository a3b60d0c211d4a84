/** Gives the text for one placeholder; undefined when there is none. */
export type Placeholder = (name: string) => string | undefined;

const OPTIONAL = /\[([^[\]]*)\]/g;
const PLACEHOLDER = /\{([^{}|]+)(?:\|([^{}]*))?\}/g;

/**
 * Fills the format of a resource type. `{name}` is a placeholder, `{Path|/}` one with a default, and `[…]` is left out
 * when a placeholder inside it has no text. Calls `missing` for any other placeholder without text.
 */
export function expandFormat(format: string, placeholder: Placeholder, missing: (name: string) => never): string {
  const required = format.replaceAll(OPTIONAL, (_match, optional: string) => fillOptional(optional, placeholder));
  return required.replaceAll(PLACEHOLDER, (_match, name: string, fallback?: string) =>
    textFor(placeholder(name), fallback, () => missing(name)),
  );
}

function fillOptional(optional: string, placeholder: Placeholder): string {
  const names = [...optional.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (names.some((name) => !placeholder(name))) return '';
  return optional.replaceAll(PLACEHOLDER, (_match, name: string) => placeholder(name) ?? '');
}

function textFor(text: string | undefined, fallback: string | undefined, missing: () => never): string {
  return text ?? fallback ?? missing();
}
