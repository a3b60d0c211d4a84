import { compilePattern, type EventPattern } from '../../../event-pattern/pattern.ts';
import type { Alert } from '../alert.ts';

/** Compiled once for each pattern object: patterns come from the deployed configuration and never change. */
const compiled = new WeakMap<object, EventPattern>();

/** Whether an EventBridge pattern from the configuration matches an alert; no pattern matches every one. */
export function matchesPattern(pattern: unknown, alert: Alert): boolean {
  if (typeof pattern !== 'object' || pattern === null) return true;
  const known = compiled.get(pattern) ?? compilePattern(pattern);
  compiled.set(pattern, known);
  return known.matches(alert);
}
