import { connect, type LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { explainAws } from '../../cli/explain-aws.ts';

/** What Node says where a host has two addresses and nothing answers at either. */
function unreached(): Promise<unknown> {
  const lookup: LookupFunction = (_, __, done) =>
    done(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ]);
  const socket = connect({ host: 'sfn.eu-central-1.example', port: 1, lookup, autoSelectFamily: true });
  return new Promise((resolve) => socket.once('error', resolve));
}

describe('explainAws', () => {
  it('says what to do where no address of a host was reached', async () => {
    const error = await unreached();
    expect(error).toBeInstanceOf(AggregateError);
    expect(() => explainAws('')(error)).toThrow(
      /^connect ECONNREFUSED 127\.0\.0\.1:1; connect ECONNREFUSED 127\.0\.0\.2:1\. AWS could not be reached/,
    );
  });

  it('throws all else as it is', () => {
    const error = new Error('Rate exceeded');
    expect(() => explainAws('')(error)).toThrow(error);
  });
});
