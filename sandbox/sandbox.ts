import { type Assembly, readAssembly } from './assembly/read-assembly.ts';
import type { AwsCall } from './aws.ts';
import { VirtualClock } from './clock.ts';
import { describeArchives, describeBuses, describeRules } from './deploy/events.ts';
import { describeFunctions, describeMappings } from './deploy/functions.ts';
import { describeHttpApis } from './deploy/http-apis.ts';
import { describeMachines } from './deploy/machines.ts';
import {
  describeDocuments,
  describeParameters,
  describeQueues,
  describeSecrets,
  describeTables,
  describeTopics,
} from './deploy/stores.ts';
import { supportedTypes } from './deploy/supported-types.ts';
import { verifyRoles } from './deploy/verify-roles.ts';
import { DynamoDb } from './dynamodb/dynamodb.ts';
import type { EventEnvelope } from './events/bus-event.ts';
import { EventBridge } from './events/event-bridge.ts';
import { HttpApi } from './http-api/http-api.ts';
import { AccessDeniedError, IamAuthority, spellAccessDenied } from './iam/iam-authority.ts';
import { EventSourceMappings } from './lambda/event-source-mappings.ts';
import { Lambda } from './lambda/lambda.ts';
import type { LogLine } from './lambda/log-lines.ts';
import { operatorArn, Router } from './router.ts';
import { SecretsManager } from './secrets-manager/secrets-manager.ts';
import { Sns } from './sns/sns.ts';
import { Sqs } from './sqs/sqs.ts';
import { SystemsManager } from './ssm/systems-manager.ts';
import { StepFunctions } from './states/step-functions.ts';
import { grantsForCall } from './world/grants.ts';
import { Alarms } from './world/alarms.ts';
import { WireEndpoint } from './wire/wire-endpoint.ts';
import { World, type WorldDescription } from './world/world.ts';

/** The access key of whoever looks at the sandbox from outside. It opens nothing but this process. */
export const operatorKey = 'ASIASANDBOXOPERATOR0';

/** What a sandbox is brought up from. */
export interface SandboxOptions {
  /** The directory that `cdk synth` wrote, or what was already read of it. */
  readonly assembly: string | Assembly;
  /** @default '123456789012' */
  readonly account?: string;
  /** @default 'eu-central-1' */
  readonly region?: string;
  /** Parameters of the templates, as `cdk deploy --parameters` takes them. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Values of secrets by name, as somebody would store them after deploying. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What AWS answers beyond what the templates deploy. @default - nothing: every such call fails and names itself */
  readonly world?: WorldDescription;
  /** Where virtual time begins. @default - now */
  readonly startAt?: Date;
  /** Changes who may do what, before anything is brought up. */
  readonly authority?: (authority: IamAuthority) => IamAuthority;
  /** True for a status event of SSM that gets lost, as AWS says they may. */
  readonly dropStatusEvent?: (executionId: string, status: string) => boolean;
  readonly onLog?: (line: LogLine) => void;
  /** Execution environments of functions that may exist at once. @default - as `Lambda` has it */
  readonly maxWorkers?: number;
  /**
   * Whether functions run in this process and not each in a thread of its own: twice as fast, and what they wait for by
   * themselves passes at once, such as an SDK before it tries again. For code that is trusted to end; needs `TZ=UTC`.
   * @default false
   */
  readonly inProcess?: boolean;
  /** Whether every function is loaded before anything happens. @default false */
  readonly warm?: boolean;
}

/** AWS in this one process: the synthesized stacks, on a virtual clock, with their IAM enforced. */
export class Sandbox {
  readonly clock: VirtualClock;
  readonly assembly: Assembly;
  readonly router: Router;
  readonly events: EventBridge;
  readonly functions: Lambda;
  readonly machines: StepFunctions;
  readonly tables: DynamoDb;
  readonly topics: Sns;
  readonly queues: Sqs;
  readonly systems: SystemsManager;
  #authority: IamAuthority;
  #world: World;
  readonly #faultsOfWorlds: Error[] = [];
  readonly #alarms = new Alarms();
  readonly #mappings: EventSourceMappings;
  readonly #wire: WireEndpoint;
  readonly #apis: readonly HttpApi[];
  #endpointUrl = '';
  #apiUrls: string[] = [];

  private constructor(options: SandboxOptions, assembly: Assembly) {
    const { account, region } = assembly;
    const clock = new VirtualClock((options.startAt ?? new Date()).getTime());
    const place = { account, region };
    const whole = IamAuthority.fromAssembly(assembly);
    this.clock = clock;
    this.assembly = assembly;
    this.#authority = options.authority?.(whole) ?? whole;
    this.#world = this.#makeWorld(options.world);
    const beyond = {
      grantsFor: (service: string, operation: string, input: AwsCall['input']) =>
        grantsForCall(service, operation, input, place, (arn) => this.#world.keysOf(arn)),
      answer: (call: AwsCall) => this.#world.answer(call),
      tagsOf: (arn: string) => this.#world.tagsOf(arn),
    };
    const router = new Router(this.#authority, {
      clock,
      beyond,
      observe: (call, succeeded) => this.#world.observe(call, succeeded),
    });
    const { call, authorize, canAssume } = router;
    const common = { clock, call, ...place };
    this.router = router;
    this.events = new EventBridge({
      ...common,
      buses: describeBuses(assembly),
      rules: describeRules(assembly),
      archives: describeArchives(assembly),
    });
    this.functions = new Lambda({
      ...common,
      endpointUrl: () => this.#endpointUrl,
      functions: describeFunctions(assembly),
      ...(options.inProcess && { carry: (request) => this.#wire.answer(request) }),
      ...(options.maxWorkers && { maxWorkers: options.maxWorkers }),
      ...(options.onLog && { onLog: options.onLog }),
    });
    const emitEvent = (event: object) => this.events.deliver('default', { ...event });
    this.machines = new StepFunctions({ ...common, machines: describeMachines(assembly), emitEvent, authorize });
    this.tables = new DynamoDb({ ...common, tables: describeTables(assembly) });
    this.topics = new Sns({ ...common, ...describeTopics(assembly) });
    this.queues = new Sqs({ ...common, queues: describeQueues(assembly) });
    this.systems = new SystemsManager({
      ...common,
      parameters: describeParameters(assembly),
      documents: describeDocuments(assembly),
      emitEvent,
      commandResult: (request) => this.#world.commandResult(request),
      scriptResult: (request) => this.#world.scriptResult(request),
      canAssume,
      ...(options.dropStatusEvent && { dropStatusEvent: options.dropStatusEvent }),
    });
    const secrets = new SecretsManager({ clock, secrets: describeSecrets(assembly, options.secrets ?? {}) });
    for (const service of [
      this.events,
      this.functions,
      this.machines,
      this.tables,
      this.topics,
      this.queues,
      this.systems,
      secrets,
    ]) {
      router.add(service);
    }
    this.#mappings = new EventSourceMappings({
      clock,
      call,
      authorize,
      lambda: this.functions,
      sqs: this.queues,
      dynamodb: this.tables,
      mappings: describeMappings(assembly),
    });
    this.#wire = new WireEndpoint({
      clock,
      call,
      principalFor: (key) =>
        key === operatorKey ? { kind: 'role', arn: operatorArn } : this.functions.principalFor(key),
      spell: (error) => (error instanceof AccessDeniedError ? spellAccessDenied(error) : error),
    });
    this.#apis = describeHttpApis(assembly).map((api) => new HttpApi(api, common));
  }

  /**
   * Brings the stacks up. Throws what AWS would refuse at deployment: an invalid definition, pattern or document, a role
   * without a grant that is checked then; and an `UnsupportedInSandboxError` for a resource that it cannot run.
   */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const { account = '123456789012', region = 'eu-central-1', parameters = {} } = options;
    const assembly =
      typeof options.assembly === 'string'
        ? await readAssembly(options.assembly, { account, region, parameters })
        : options.assembly;
    assembly.assertSupported(supportedTypes);
    const sandbox = new Sandbox(options, assembly);
    try {
      await sandbox.#bringUp();
      if (options.warm) await sandbox.functions.warm();
      return sandbox;
    } catch (error) {
      await sandbox.close();
      throw error;
    }
  }

  async #bringUp(): Promise<void> {
    this.#endpointUrl = (await this.#wire.listen()).url;
    await this.tables.start();
    verifyRoles(this.assembly, this.router);
    this.machines.verifyRoles();
    await this.#mappings.start();
    this.#apiUrls = await Promise.all(this.#apis.map(async (api) => (await api.listen()).url));
    this.#world.start();
  }

  /** What AWS answers beyond the stacks, and what was asked of it so far. */
  get world(): World {
    return this.#world;
  }

  /**
   * From now on AWS answers as another world describes, which began `agoMs` of virtual time ago; nothing that was asked
   * before is remembered by it.
   */
  meet(description: WorldDescription, agoMs = 0): void {
    this.#world = this.#makeWorld(description);
    this.#world.start(agoMs);
  }

  /** Who may do what. */
  get authority(): IamAuthority {
    return this.#authority;
  }

  /** From now on another authority decides: for rehearsing what happens when a grant is missing. */
  useAuthority(authority: IamAuthority): void {
    this.#authority = authority;
    this.router.useAuthority(authority);
  }

  #makeWorld(description: WorldDescription | undefined): World {
    const { account, region } = this.assembly;
    return new World(
      description ?? { answers: [], commands: [], scripts: [], jobs: [], happenings: [], resources: [] },
      {
        account,
        region,
        clock: this.clock,
        deliver: (event) => void this.deliver(event),
        mayHappen: (event) => this.#alarms.mayHappen(event),
        // A change calendar that nobody describes has no event, so it is open.
        otherwise: (call) => this.#alarms.answer(call) ?? openCalendar(call),
        onFault: (fault) => this.#faultsOfWorlds.push(fault),
      },
    );
  }

  /** `AWS_ENDPOINT_URL` for SDK clients. */
  get endpointUrl(): string {
    return this.#endpointUrl;
  }

  /** URLs of the HTTP APIs, in the order of the templates. */
  get apiUrls(): readonly string[] {
    return this.#apiUrls;
  }

  /** Puts an event on a bus as the service that emits it would. The default bus is `default`. */
  deliver(event: Readonly<Record<string, unknown>>, bus = 'default'): EventEnvelope {
    if (bus === 'default') this.observe(event);
    return this.events.deliver(bus, { ...event });
  }

  /** Takes note of the state that an event says an alarm has, and delivers nothing. */
  observe(event: Readonly<Record<string, unknown>>): void {
    this.#alarms.observe(event);
  }

  /**
   * Ends the executions that run without a word, empties the tables, and forgets what was called and told: what comes next
   * is another story.
   */
  async abandon(): Promise<void> {
    this.machines.abandon();
    for (const service of [this.router, this.topics, this.systems]) service.forget();
    await this.tables.clear();
  }

  /** Lets time run until `done()`, until a virtual time, or until nothing is left to happen. */
  run(done?: () => boolean, until?: Date): Promise<void> {
    return this.clock.run(done, until?.getTime());
  }

  /**
   * All that went wrong in the sandbox itself, and must fail a rehearsal: undescribed calls, events and messages that were
   * not taken. An error of which two parts tell is there twice, and every one stays the same.
   */
  faults(): readonly Error[] {
    return [
      ...this.#wire.faults(),
      ...this.#mappings.faults(),
      ...this.functions.faults(),
      ...this.systems.faults(),
      ...this.#faultsOfWorlds,
      ...this.#apis.flatMap((api) => api.faults()),
      ...this.events.faults(),
      ...this.topics.faults(),
    ];
  }

  /** Every call that IAM refused, with the role, the action and the resource. */
  denied(): readonly string[] {
    return this.router.denied().map((error) => error.message);
  }

  /** Ends every worker and socket. */
  async close(): Promise<void> {
    await Promise.all([
      this.#wire.close(),
      this.functions.close(),
      this.tables.close(),
      ...this.#apis.map((api) => api.close()),
    ]);
  }
}

function openCalendar({ service, operation }: AwsCall): Record<string, unknown> | undefined {
  return service === 'ssm' && operation === 'GetCalendarState' ? { State: 'OPEN' } : undefined;
}
