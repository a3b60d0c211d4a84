import { register } from 'tsx/esm/api';

register();
await import('./rehearsal-worker.ts');
