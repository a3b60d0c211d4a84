import { defineConfig } from 'vitest/config';

/** Tests with other people's software, which has to be fetched first: `npm run test:peers`. */
export default defineConfig({
  test: {
    include: ['test/peers/**/*.peer.ts'],
    hookTimeout: 120_000,
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
  },
});
