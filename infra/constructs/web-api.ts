import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { HandsoffFunction } from './handsoff-function.ts';

/**
 * Requests per second in the long run, and at once. Above it API Gateway answers 429, which not every sender tries again,
 * so it is far above what a storm of alerts brings. It is no limit of a bill: 500 a second are 1.3 billion a month, which
 * API Gateway alone charges 1,200 dollars for, and functions and logs come on top. So a flood is an alarm long before.
 * https://aws.amazon.com/api-gateway/pricing/
 */
const rateLimit = 500;
const burstLimit = 1000;

export interface WebApiProps {
  /** Answers buttons in chat. */
  readonly interactions: HandsoffFunction;
  /** Takes alerts from senders. */
  readonly webhooks: HandsoffFunction;
}

/** The ways in from outside, over HTTP. Throttled and access-logged; the functions check who sends. */
export class WebApi extends Construct {
  readonly api: HttpApi;
  readonly slackUrl: string;
  /** Where senders send to: `/v2/enqueue` and `/integrations/<id>` below it. */
  readonly url: string;

  constructor(scope: Construct, id: string, { interactions, webhooks }: WebApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'HttpApi', { apiName: 'handsoff', description: 'Alerts, and buttons in chat' });
    this.api = api;
    const slack = new HttpLambdaIntegration('Slack', interactions.lambda);
    const senders = new HttpLambdaIntegration('Webhooks', webhooks.lambda);
    const routes = [
      ...api.addRoutes({ path: '/slack/interactions', methods: [HttpMethod.POST], integration: slack }),
      ...api.addRoutes({ path: '/v2/enqueue', integration: senders }),
      ...api.addRoutes({ path: '/v2/change/enqueue', integration: senders }),
      ...api.addRoutes({ path: '/integrations/{id}', integration: senders }),
    ];
    this.#log(api);
    this.url = api.apiEndpoint;
    this.slackUrl = `${api.apiEndpoint}/slack/interactions`;
    for (const route of routes) {
      const reason =
        'A sender cannot sign in to AWS: the function verifies its key or signature, its time, and that it comes once.';
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
    }
  }

  #log(api: HttpApi): void {
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
  }
}
