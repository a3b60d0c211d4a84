import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { hideSecrets } from '../domain/secret-text.ts';

/** What every function gets beside its event. */
export interface Tools {
  readonly logger: Logger;
  /** The one moment that this invocation calls now. */
  readonly now: Date;
  /** Adds one to a metric of the namespace `Handsoff`; names come from closed unions. */
  readonly count: (metric: string) => void;
}

/** What middy returns for a handler of this shape. */
export type ObservedHandler<Result> = (event: unknown, context: Context) => Promise<Result>;

/**
 * A function's handler with structured logs and EMF metrics by Powertools. The event is never logged: it may hold
 * task tokens. What is thrown is logged and thrown on, because a task that returns has told its machine it succeeded.
 */
export function observed<Result>(run: (event: unknown, tools: Tools) => Promise<Result>): ObservedHandler<Result> {
  const logger = new Logger({ jsonReplacerFn: hideSecrets });
  const metrics = new Metrics();
  const count = (metric: string) => metrics.addMetric(metric, MetricUnit.Count, 1);
  const handle = middy<unknown, Result>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .before(({ context }) => metrics.captureColdStartMetric(context.functionName))
    .after(() => publish(metrics))
    .onError(({ error }) => {
      logger.error('failed', error ?? new Error('unknown'));
      publish(metrics);
    })
    .handler(async (event) => run(event, { logger, count, now: new Date() }));
  return handle;
}

/** Most invocations count nothing, and Powertools warns of an empty publication. */
function publish(metrics: Metrics): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
