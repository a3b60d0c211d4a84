import { describe, expect, it } from 'vitest';
import { parametersFromAlert } from '../../../functions/domain/alert-parameters.ts';
import { anAlert } from '../../support/an-alert.ts';

const declared = { Path: { from: 'payload.custom_details.path', pattern: '/[A-Za-z0-9._/-]*' } };

function pathOf(path: unknown): string | undefined {
  const alert = anAlert();
  return parametersFromAlert({ ...alert, payload: { ...alert.payload, custom_details: { path } } }, declared)['Path'];
}

describe('parametersFromAlert', () => {
  it('takes a value that matches as a whole', () => {
    expect(pathOf('/var/log')).toBe('/var/log');
  });

  it.each([
    ['a command behind a path', '/var; rm -rf /'],
    ['a second line', '/var\n/etc'],
    ['a carriage return', '/var\r'],
    ['a NUL', '/var\0'],
    ['a way up', '/var/../etc'],
    ['a reference that SSM would resolve', '/{{ssm:secret}}'],
    ['half a reference', '/var}}'],
    ['an option', '--version'],
    ['a substitution', '/$(id)'],
    ['a letter that looks like another', '/v\u0430r'],
    ['ten thousand characters', `/${'a'.repeat(10_000)}`],
    ['nothing', undefined],
    ['a number', 1],
    ['a list', ['/var']],
  ])('takes no value with %s', (_, value) => {
    expect(pathOf(value)).toBeUndefined();
  });

  it.each(['{{ssm:/prod/secret}}', '{{ global:REGION }}', '/var/{{', '}}', '/var/../etc', '/var\n/etc', '/var\0'])(
    'takes %j by no pattern, one for any text included',
    (path) => {
      const alert = anAlert();
      const payload = { ...alert.payload, custom_details: { path } };
      const anyText = { Path: { from: 'payload.custom_details.path', pattern: '[^]*' } };
      expect(parametersFromAlert({ ...alert, payload }, anyText)).toEqual({ Path: undefined });
    },
  );

  it('ends at once on a value that a pattern would go back and forth over', () => {
    const alert = anAlert();
    const payload = { ...alert.payload, custom_details: { path: `${'a'.repeat(100_000)}!` } };
    const slow = { Path: { from: 'payload.custom_details.path', pattern: '(a+)+' } };
    expect(parametersFromAlert({ ...alert, payload }, slow)).toEqual({ Path: undefined });
  });

  it('reads no member that the alert does not have of its own', () => {
    expect(parametersFromAlert(anAlert(), { X: { from: '__proto__.constructor.name', pattern: '.*' } })).toEqual({
      X: undefined,
    });
  });

  it.each(['path', '__proto__.path'])('takes no value from %s where it is inherited', (member) => {
    const alert = anAlert();
    const payload = { ...alert.payload, custom_details: Object.create({ path: '/var/log' }) };
    const inherited = { Path: { from: `payload.custom_details.${member}`, pattern: '.*' } };
    expect(parametersFromAlert({ ...alert, payload }, inherited)).toEqual({ Path: undefined });
  });
});
