import { describe, expect, it } from 'vitest';
import { RouteTable } from '../../../sandbox/http-api/routes.ts';

const KEYS = [
  '$default',
  'ANY /x/{proxy+}',
  'GET /x/{id}',
  'GET /x/list',
  'ANY /x/list',
  'GET /x/{id}/parts/{part}',
  'GET /',
];

describe('RouteTable', () => {
  it.each([
    ['GET', '/x/list', 'GET /x/list', {}],
    ['POST', '/x/list', 'ANY /x/list', {}],
    ['GET', '/x/42', 'GET /x/{id}', { id: '42' }],
    ['POST', '/x/42', 'ANY /x/{proxy+}', { proxy: '42' }],
    ['GET', '/x/42/parts/7', 'GET /x/{id}/parts/{part}', { id: '42', part: '7' }],
    ['GET', '/x/42/other', 'ANY /x/{proxy+}', { proxy: '42/other' }],
    ['GET', '/', 'GET /', {}],
    ['GET', '/y', '$default', {}],
    ['GET', '/x', '$default', {}],
  ])('sends %s %s to %s', (method, path, routeKey, pathParameters) => {
    const table = new RouteTable(KEYS.map((key) => ({ routeKey: key, functionArn: key })));
    expect(table.match(method, path)).toEqual({ route: { routeKey, functionArn: routeKey }, pathParameters });
  });

  it('sends nothing anywhere when no route fits and there is no default', () => {
    const table = new RouteTable([{ routeKey: 'GET /x', functionArn: 'f' }]);
    expect(table.match('POST', '/x')).toBeUndefined();
    expect(table.match('GET', '/x/y')).toBeUndefined();
  });

  it.each([['FETCH /x'], ['GET x'], ['GET /x/{proxy+}/y'], ['']])('refuses the route key %j', (routeKey) => {
    expect(() => new RouteTable([{ routeKey, functionArn: 'f' }])).toThrow('is not a route key');
  });

  it('refuses a route that appears twice', () => {
    const route = { routeKey: 'GET /x', functionArn: 'f' };
    expect(() => new RouteTable([route, route])).toThrow('twice');
  });
});
