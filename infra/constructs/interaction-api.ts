import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { HandsoffFunction } from './handsoff-function.ts';

/** Requests per second in the long run, and at once: far above what people click, far below what costs. */
const rateLimit = 50;
const burstLimit = 100;

/** The one way in from outside: buttons in chat. Throttled and access-logged; the function verifies the signature. */
export class InteractionApi extends Construct {
  readonly slackUrl: string;

  constructor(scope: Construct, id: string, { handler }: { readonly handler: HandsoffFunction }) {
    super(scope, id);
    const api = new HttpApi(this, 'HttpApi', { apiName: 'handsoff', description: 'Buttons in chat' });
    const routes = api.addRoutes({
      path: '/slack/interactions',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Slack', handler.lambda),
    });
    const logs = new LogGroup(this, 'AccessLogs', {
      logGroupName: '/aws/vendedlogs/apigateway/handsoff',
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = api.defaultStage?.node.defaultChild as CfnStage;
    stage.defaultRouteSettings = { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit };
    stage.accessLogSettings = {
      destinationArn: logs.logGroupArn,
      format: JSON.stringify({
        at: '$context.requestTime',
        from: '$context.identity.sourceIp',
        route: '$context.routeKey',
        status: '$context.status',
        request: '$context.requestId',
        bytes: '$context.responseLength',
        milliseconds: '$context.responseLatency',
      }),
    };
    this.slackUrl = `${api.apiEndpoint}/slack/interactions`;
    for (const route of routes) {
      const reason =
        'Slack cannot sign in to AWS: the function verifies its signature, its time, and that it comes once.';
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
    }
  }
}
