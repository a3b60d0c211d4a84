export { compilePattern, type EventPattern } from '../sandbox/events/pattern.ts';
