import { describe, expect, it } from 'vitest';
import { describeHttpApis } from '../../../sandbox/deploy/http-apis.ts';
import { readTemplate } from '../assembly/directories.ts';

const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:f';

/** The assembly of an API with one route to a function. */
function anApi({ route = {}, integration = {} }: { readonly route?: object; readonly integration?: object }) {
  const ApiId = { Ref: 'Api' };
  const target = {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION_ARN,
    PayloadFormatVersion: '2.0',
    ...integration,
  };
  const Target = { 'Fn::Sub': 'integrations/${Function}' };
  return readTemplate({
    Resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
      Function: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId, ...target } },
      Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId, RouteKey: 'GET /a', Target, ...route } },
    },
  });
}

describe('describeHttpApis', () => {
  it.each([{ route: { AuthorizationType: 'NONE' } }, { integration: { PayloadFormatVersion: 2 } }])(
    'has every route with its function: %o',
    async (change) => {
      const routes = [{ routeKey: 'GET /a', functionArn: FUNCTION_ARN }];
      expect(describeHttpApis(await anApi(change))).toMatchObject([{ routes }]);
    },
  );

  it.each([
    [{ route: { AuthorizationType: 'AWS_IAM' } }, 'AWS_IAM as the authorization of the route GET /a'],
    [{ integration: { IntegrationType: 'HTTP_PROXY' } }, 'HTTP_PROXY as the integration type of the route GET /a'],
    [{ integration: { PayloadFormatVersion: '1.0' } }, '1.0 as the payload format of the route GET /a'],
    [{ integration: { PayloadFormatVersion: undefined } }, '1.0 as the payload format of the route GET /a'],
  ])('refuses %o, which it would leave out', async (change, what) => {
    const assembly = await anApi(change);
    expect(() => describeHttpApis(assembly)).toThrow(`The sandbox does not support ${what}.`);
  });
});
