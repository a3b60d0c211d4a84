#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// What Node we take is said in package.json.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
await import('./main.ts');
