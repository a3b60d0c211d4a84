import { AwsError, type AwsCall, type AwsService, type Principal, type RequiredGrant } from './aws.ts';
import type { VirtualClock } from './clock.ts';
import { withResourceTags } from './iam/resource-tags.ts';

/** Whoever looks at the sandbox from outside, as an administrator looks at an account: IAM does not hold him back. */
export const operatorArn = 'arn:aws:iam::000000000000:role/sandbox-operator';

/** What the router asks about a call before it goes through. */
export interface Authority {
  /** Throws an `AwsError` when IAM does not allow it. */
  authorize(principal: Principal, grants: readonly RequiredGrant[], context: { readonly nowMs: number }): void;
  /** Throws an `AwsError` when the role does not trust the service. */
  canAssume(roleArn: string, service: string, context: { readonly sourceArn: string; readonly nowMs: number }): void;
}

/** Whoever answers what no service of the sandbox answers itself. */
export interface Beyond {
  grantsFor(service: string, operation: string, input: AwsCall['input']): readonly RequiredGrant[];
  answer(call: AwsCall): Promise<Record<string, unknown>>;
  /** The tags of a resource, which conditions of policies may ask for. @default - no resource has any */
  tagsOf?(arn: string): Readonly<Record<string, string>>;
}

/** A call that went through the router. */
export interface RoutedCall extends AwsCall {
  /** Virtual time in epoch milliseconds. */
  readonly at: number;
  /** What IAM had to allow for it; empty where the call named nothing. */
  readonly grants: readonly RequiredGrant[];
  /** Name of the error it ended with, if it did. */
  readonly error?: string;
}

/** What becomes of the answer to a call that succeeds, and not in all that was asked. */
export type Spoil = (answer: Record<string, unknown>) => Record<string, unknown>;

/**
 * A fault to inject: an error for the calls it wants to fail, `hang` for those that get no answer, a `Spoil` for those that
 * get another answer, else undefined.
 */
export type FaultInjector = (call: AwsCall) => AwsError | 'hang' | Spoil | undefined;

export interface RouterOptions {
  readonly clock: VirtualClock;
  readonly beyond: Beyond;
  /** Told of every call that a service answered itself. */
  readonly observe: (call: AwsCall, succeeded: boolean) => void;
}

/** Every AWS call of the sandbox passes here: IAM first, then an injected fault, then the service or the world. */
export class Router {
  readonly #services = new Map<string, AwsService>();
  readonly #options: RouterOptions;
  #calls: RoutedCall[] = [];
  readonly #denied: AwsError[] = [];
  #faults: readonly FaultInjector[] = [];
  readonly #injected = new WeakSet<AwsError>();
  #rewrite: (call: AwsCall) => AwsCall = (call) => call;
  #authority: Authority;

  constructor(authority: Authority, options: RouterOptions) {
    this.#authority = authority;
    this.#options = options;
  }

  add(service: AwsService): void {
    this.#services.set(service.name, service);
  }

  /** Replaces the authority: for rehearsing what happens when a grant is missing. */
  useAuthority(authority: Authority): void {
    this.#authority = authority;
  }

  /** From now on every call is offered to `inject` before it is answered. */
  inject(inject: FaultInjector): void {
    this.#faults = [...this.#faults, inject];
  }

  /** Whether an error is one that was injected. */
  isInjected(error: unknown): boolean {
    return error instanceof AwsError && this.#injected.has(error);
  }

  /** From now on every call is made as `rewrite` gives it back. */
  rewriteWith(rewrite: (call: AwsCall) => AwsCall): void {
    this.#rewrite = rewrite;
  }

  /** Checks IAM alone: for grants that AWS wants without a call. */
  readonly authorize = (principal: Principal, grants: readonly RequiredGrant[]): void => {
    if (principal.arn === operatorArn) return;
    this.#decide((nowMs) => this.#authority.authorize(principal, grants, { nowMs }));
  };

  /** Checks that a service may take on a role, for the resource that it does so for. */
  readonly canAssume = (roleArn: string, service: string, { sourceArn }: { readonly sourceArn: string }): void => {
    this.#decide((nowMs) => this.#authority.canAssume(roleArn, service, { sourceArn, nowMs }));
  };

  #decide(check: (nowMs: number) => void): void {
    try {
      check(this.#options.clock.now());
    } catch (error) {
      if (error instanceof AwsError) this.#denied.push(error);
      throw error;
    }
  }

  /** Every refusal of IAM so far, in order. */
  denied(): readonly AwsError[] {
    return this.#denied;
  }

  /** Every call so far, in order, or since they were forgotten. */
  calls(): readonly RoutedCall[] {
    return this.#calls;
  }

  /** Forgets every call so far. Refusals stay. */
  forget(): void {
    this.#calls = [];
  }

  readonly call = async (made: AwsCall): Promise<Record<string, unknown>> => {
    const call = this.#rewrite(made);
    const { clock } = this.#options;
    const at = clock.now();
    const grants: RequiredGrant[] = [];
    try {
      // A synchronous execution has waits of its own, which need time to move.
      const isWaiting = call.service === 'sfn' && call.operation === 'StartSyncExecution';
      const work = () => this.#answer(call, grants);
      const answer = isWaiting ? await work() : await clock.holding(`${call.service}:${call.operation}`, work);
      if (answer === 'hang') return await this.#hang({ ...call, at, grants });
      this.#calls.push({ ...call, at, grants });
      return answer;
    } catch (error) {
      this.#calls.push({ ...call, at, grants, error: error instanceof Error ? error.name : String(error) });
      throw error;
    }
  };

  /** Time goes on, and no answer comes: whoever calls needs a time limit. */
  #hang(call: RoutedCall): Promise<never> {
    this.#calls.push({ ...call, error: 'TimeoutError' });
    return new Promise(() => undefined);
  }

  async #answer(call: AwsCall, needed: RequiredGrant[]): Promise<Record<string, unknown> | 'hang'> {
    const service = this.#services.get(call.service);
    const own = service?.handles(call.operation, call.input) ? service : undefined;
    const { beyond } = this.#options;
    const grants = own
      ? own.grantsFor(call.operation, call.input)
      : beyond.grantsFor(call.service, call.operation, call.input);
    needed.push(...withResourceTags(grants, (arn) => beyond.tagsOf?.(arn) ?? {}));
    this.authorize(call.principal, needed);
    const fault = this.#faultOf(call);
    if (fault === 'hang') return fault;
    if (fault instanceof AwsError) throw this.#noteInjected(fault);
    const answer = own ? this.#answerSelf(own, call) : beyond.answer(call);
    return fault ? this.#spoil(fault, await answer) : answer;
  }

  #spoil(spoil: Spoil, answer: Record<string, unknown>): Record<string, unknown> {
    try {
      return spoil(answer);
    } catch (error) {
      throw error instanceof AwsError ? this.#noteInjected(error) : error;
    }
  }

  #noteInjected(error: AwsError): AwsError {
    this.#injected.add(error);
    return error;
  }

  async #answerSelf(service: AwsService, call: AwsCall): Promise<Record<string, unknown>> {
    try {
      const answer = await service.answer(call);
      this.#options.observe(call, true);
      return answer;
    } catch (error) {
      this.#options.observe(call, false);
      throw error;
    }
  }

  #faultOf(call: AwsCall): ReturnType<FaultInjector> {
    for (const inject of this.#faults) {
      const fault = inject(call);
      if (fault) return fault;
    }
    return undefined;
  }
}
