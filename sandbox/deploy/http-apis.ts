import { UnsupportedInSandboxError } from '../aws.ts';
import type { Assembly } from '../assembly/assembly.ts';
import type { HttpApiDescription } from '../http-api/http-api.ts';
import { compact, numberAt, textAt } from './fields.ts';

/** The HTTP APIs of an assembly, each with its stage and the functions behind its routes. */
export function describeHttpApis(assembly: Assembly): HttpApiDescription[] {
  return assembly.ofType('AWS::ApiGatewayV2::Api').map((api) => {
    const stage = assembly.ofType('AWS::ApiGatewayV2::Stage').find((item) => textAt(item, 'ApiId') === api.physicalId);
    const rateLimit = stage && numberAt(stage, 'DefaultRouteSettings.ThrottlingRateLimit');
    const burstLimit = stage && numberAt(stage, 'DefaultRouteSettings.ThrottlingBurstLimit');
    return compact({
      apiId: api.physicalId,
      routes: describeRoutes(assembly, api.physicalId),
      stage: stage && textAt(stage, 'StageName'),
      throttling: rateLimit !== undefined && burstLimit !== undefined ? { rateLimit, burstLimit } : undefined,
    });
  });
}

function describeRoutes(assembly: Assembly, apiId: string) {
  const routes = assembly.ofType('AWS::ApiGatewayV2::Route').filter((route) => textAt(route, 'ApiId') === apiId);
  return routes.map((route) => {
    const id = (textAt(route, 'Target') ?? '').replace(/^integrations\//, '');
    const integration = assembly.byPhysicalId('AWS::ApiGatewayV2::Integration', id);
    const uri = (integration && textAt(integration, 'IntegrationUri')) ?? '';
    const routeKey = textAt(route, 'RouteKey') ?? '';
    const type = integration && textAt(integration, 'IntegrationType');
    // Without one API Gateway sends 1.0, and a template may write it as the number that it looks like.
    const format = (integration && numberAt(integration, 'PayloadFormatVersion')) ?? 1;
    refuseUnless(textAt(route, 'AuthorizationType') ?? 'NONE', 'NONE', `authorization of the route ${routeKey}`);
    refuseUnless(type ?? 'none', 'AWS_PROXY', `integration type of the route ${routeKey}`);
    refuseUnless(format.toFixed(1), '2.0', `payload format of the route ${routeKey}`);
    return { routeKey, functionArn: functionArnOf(uri) };
  });
}

function refuseUnless(value: string, known: string, what: string): void {
  if (value !== known) throw new UnsupportedInSandboxError(`${value} as the ${what}`);
}

/** An integration names its function bare, or inside API Gateway's own invocation URI. */
function functionArnOf(uri: string): string {
  return /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri;
}
