import { createRequire } from 'node:module';
import type jsonata from 'jsonata';

let engine: typeof jsonata | undefined;

/** The `jsonata` package, loaded when first needed and without leaving the current turn. */
export function loadJsonata(): typeof jsonata {
  engine ??= createRequire(import.meta.url)('jsonata') as typeof jsonata;
  return engine;
}
