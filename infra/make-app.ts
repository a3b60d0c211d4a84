import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, Tags, Validations } from 'aws-cdk-lib';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { type Bundle, configureFunctions } from './bundle-functions.ts';
import { certify } from './certificates.ts';
import type { LoadedConfig } from './config/load-config.ts';
import { StatefulStack } from './stateful-stack.ts';
import { StatelessStack } from './stateless-stack.ts';

/** What the app is made of. */
export interface AppOptions {
  /** The checkout. */
  readonly projectRoot: string;
  /** Where the cloud assembly goes. @default - where the CDK command line wants it */
  readonly outdir?: string;
  /** Every function of the project. */
  readonly bundles: readonly Bundle[];
  /** Take every runbook as rehearsed: what the rehearsal itself runs on. @default false */
  readonly assumeCertified?: boolean;
  readonly config: LoadedConfig;
  /** Leave the functions where they are bundled, and copy none beside the templates. @default false */
  readonly assetsInPlace?: boolean;
  /** Check the templates against the rules of CloudFormation and cdk-nag, which takes most of the time. @default true */
  readonly validate?: boolean;
  /** Told of every runbook that only observes because it was not rehearsed as it is. @default - a warning of the CDK */
  readonly onUncertified?: (runbook: string, why: string) => void;
}

/** Makes the app. What `cdk synth` and the `handsoff` command both call: there is one template. */
export async function makeApp({
  projectRoot,
  outdir,
  bundles,
  assumeCertified,
  assetsInPlace = false,
  config: loaded,
  validate = true,
  onUncertified,
}: AppOptions): Promise<App> {
  const { config, uncertified } = certify(projectRoot, loaded, bundles, assumeCertified);
  configureFunctions(bundles, config.deployed);
  const app = new App({
    ...(outdir && { outdir, context: { ...contextOf(projectRoot), [DISABLE_ASSET_STAGING_CONTEXT]: assetsInPlace } }),
    analyticsReporting: false,
    builtinCloudFormationValidation: validate,
    // What a person looks at; nobody does where nothing is checked.
    treeMetadata: validate,
  });
  const account = process.env['CDK_DEFAULT_ACCOUNT'];
  const region = process.env['CDK_DEFAULT_REGION'];
  // Without credentials the template stays free of both, and is the same for everyone.
  const env = account && region ? { env: { account, region } } : {};
  const stateful = new StatefulStack(app, 'handsoff-stateful', {
    ...env,
    description: 'Handsoff: incidents, secret, bus and archive',
    integrationSecrets: config.deployed.integrations.flatMap(({ secret }) => secret ?? []),
    rundeck: config.deployed.rundeck !== undefined,
    deletionProtection: app.node.tryGetContext('deletionProtection') !== 'false',
  });
  const stateless = new StatelessStack(app, 'handsoff', {
    ...env,
    description: 'Handsoff: rules, state machines, functions, runbooks',
    projectRoot,
    config,
    functions: bundles.filter(({ name }) => name !== 'call-rundeck' || config.deployed.rundeck),
    stateful,
  });
  for (const [id, why] of uncertified) (onUncertified ?? annotate(stateless))(id, why);
  // A new tag would make CloudFormation write the kill switches anew, as off.
  Tags.of(app).add('app', 'handsoff', { excludeResourceTypes: ['AWS::SSM::Parameter'] });
  if (validate) {
    const { AwsSolutionsChecks, ServerlessChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  }
  return app;
}

/** A warning for each; with `-c strict=true` an error, which fails the synthesis. */
function annotate(stack: StatelessStack): (runbook: string, why: string) => void {
  const isStrict = String(stack.node.tryGetContext('strict')) === 'true';
  const annotations = Annotations.of(stack);
  return (id, why) => {
    const text = `The runbook ${id} ${isStrict ? 'may not act' : 'is deployed in observe'}. ${why} To let it act, run: npx handsoff rehearse ${id}`;
    if (isStrict) annotations.addError(text);
    else annotations.addWarningV2(`handsoff:uncertified-${id}`, text);
  };
}

/** The feature flags of `cdk.json`, which the CDK command line would hand over. */
function contextOf(projectRoot: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')).context;
}
