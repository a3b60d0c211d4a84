import { fileURLToPath } from 'node:url';

/** The checkout that this command belongs to, whatever the working directory is. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));
