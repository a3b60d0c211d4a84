import { describe, expect, it } from 'vitest';
import { allFormats } from '../../../functions/adapters/intake/formats/all-formats.ts';
import { corpusNames, corpusText, takeFixture } from './a-corpus.ts';

/** As the tests of this file must always try the same bodies: a linear congruential generator, constants of Numerical Recipes. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  'resolved',
  'firing',
  'x'.repeat(3000),
  '\u0000',
  '\uD800',
  '2026-13-45',
  [],
  [[]],
  {},
  { __proto__: null, constructor: 1 },
  [null, 1, 'a', {}],
  '0001-01-01T00:00:00Z',
  1e21,
  '{{payload}}',
  '<@U1>',
];

/** The same body with one place changed: another value, one less, or one more. */
function changed(value: unknown, random: (below: number) => number): unknown {
  const odd = oddValues[random(oddValues.length)];
  if (typeof value !== 'object' || value === null || random(8) === 0) return odd;
  if (Array.isArray(value)) {
    const index = random(value.length + 1);
    return index === value.length ? [...value, odd] : value.with(index, changed(value[index], random));
  }
  const entries = Object.entries(value);
  const index = random(entries.length + 1);
  if (index === entries.length) return { ...value, ['__proto__']: odd, extra: odd };
  if (random(6) === 0) return Object.fromEntries(entries.toSpliced(index, 1));
  return Object.fromEntries(
    entries.map(([name, member], at) => [name, at === index ? changed(member, random) : member]),
  );
}

describe('3,000 bodies that were changed at random', () => {
  it.each(allFormats.map(({ name }) => name))(
    'of %s are never our fault, and never lost without a reason',
    async (format) => {
      const random = randomOf(4711);
      const bodies = corpusNames
        .filter((name) => name.startsWith(`${format}/`))
        .map((name) => JSON.parse(corpusText(name)));
      for (let run = 0; run < 3000; run++) {
        let body: unknown = bodies[random(bodies.length)];
        for (let change = random(3); change >= 0; change--) body = changed(body, random);
        const text = JSON.stringify(body);
        const { status, received, quarantined } = await takeFixture(format, text);
        // 401, or of PagerDuty 400, is for a body that no longer says who sent it.
        const isKnown = status !== 401;
        const isStranger = status === 400 && format.startsWith('pagerduty');
        const isKept = received.length + quarantined.length > 0 || isStranger;
        if (status >= 500 || (isKnown && !isKept)) expect.fail(`${status}: ${text}`);
      }
    },
    60_000,
  );
});
