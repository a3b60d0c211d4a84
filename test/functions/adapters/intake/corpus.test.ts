import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { loadEvent } from '../../../support/load-fixture.ts';
import { partsOf } from '../../../support/parts-of.ts';

const folder = fileURLToPath(new URL('../../../fixtures/events/', import.meta.url));
const receivedAt = new Date('2026-11-02T03:00:06.000Z');

/** What a fixture is expected to come to. One with a `format` is a request to a webhook, which has a corpus test of its own. */
interface Expected {
  readonly $comment?: string;
  readonly format?: string;
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
const names = files.filter((name) => !name.endsWith('.expected.json')).map((name) => name.slice(0, -'.json'.length));

function expectedOf(name: string): Expected | undefined {
  if (!files.includes(`${name}.expected.json`)) return undefined;
  return JSON.parse(readFileSync(`${folder}${name}.expected.json`, 'utf8'));
}

describe('the corpus of events', () => {
  const ofTheBus = names.filter((name) => expectedOf(name)?.format === undefined);

  it.each(ofTheBus)('normalises %s to what is expected of it', (name) => {
    const { $comment, ...expected } = expectedOf(name) ?? {};
    expect($comment, `${name}.expected.json says where the event is from`).toMatch(/\w/);
    expect(partsOf(normaliseEvent(loadEvent(name), receivedAt))).toEqual(expected);
  });

  it('has no expectation without its event', () => {
    const expectations = files.filter((name) => name.endsWith('.expected.json'));
    expect(expectations.filter((name) => !names.includes(name.slice(0, -'.expected.json'.length)))).toEqual([]);
  });

  it('holds at least 35 events over the AWS services and partner buses', () => {
    const folders = new Set(ofTheBus.map((name) => name.split('/')[0]));
    expect(ofTheBus.length).toBeGreaterThanOrEqual(35);
    expect(folders.size).toBeGreaterThanOrEqual(11);
  });
});
