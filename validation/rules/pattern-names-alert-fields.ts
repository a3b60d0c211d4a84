import type { Rule } from '../rule.ts';
import { whyNeverMatched } from '../../infra/config/alert-fields.ts';

/** The event pattern asks only about what an alert can have; one that does not can never match. */
export const patternNamesAlertFields: Rule = {
  name: 'pattern-names-alert-fields',
  check({ manifest, settings }) {
    if (!manifest || !settings) return [];
    return whyNeverMatched(settings.match).map(({ path, isName, message }) =>
      isName ? manifest.atKey(['match', ...path], message) : manifest.at(['match', ...path], message),
    );
  },
};
