import type { LoadedConfig } from '../../infra/config/load-config.ts';
import { type Mode, modes } from '../../functions/domain/incident.ts';
import { runbookId } from '../../infra/config/values.ts';
import { type Target, type Trigger, triggers } from './targets.ts';

/** What was said on the command line. */
export interface Flags {
  readonly trigger?: string;
  readonly metric?: string;
  readonly dimension?: readonly string[];
  readonly service?: string;
  readonly mode?: string;
  readonly target?: string;
  readonly title?: string;
}

/** All that a new runbook is made from. */
export interface Answers {
  readonly id: string;
  readonly title: string;
  readonly trigger: Trigger;
  readonly mode: Mode;
  readonly owner: string;
  /** Undefined where an observing runbook is about no kind of target that we know. */
  readonly target: { readonly name: string; readonly facts: Target } | undefined;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Group of people that may agree; nobody is asked in mode `act`. */
  readonly approvers: string;
}

/** Raised for a runbook that cannot be made as asked; the message says what to do in one line. */
export class NewRunbookError extends Error {
  override readonly name = 'NewRunbookError' as const;
}

/** Refuses a name that is taken or that no runbook can have. */
export function checkId(id: string, taken: readonly string[]): void {
  const [problem] = runbookId.safeParse(id).error?.issues ?? [];
  if (problem) throw new NewRunbookError(`${id} is no name for a runbook: it ${problem.message}.`);
  if (taken.includes(id))
    throw new NewRunbookError(
      `There is a runbook ${id} already: statemachines/runbooks/${id}. Choose another name, or delete that folder first.`,
    );
}

/** Makes answers of flags; what was not said gets a sensible value. Throws a `NewRunbookError`. */
export function answersFrom(
  id: string,
  flags: Flags,
  { deployed }: Pick<LoadedConfig, 'deployed'>,
  targets: Readonly<Record<string, Target>>,
): Answers {
  const trigger = oneOf('--trigger', flags.trigger ?? 'alarm', triggers);
  const target = targetOf(flags, targets);
  const mode = oneOf('--mode', flags.mode ?? modesOf(trigger, target?.facts)[0], modes);
  const { namespace, metric } = metricOf(flags.metric ?? metricFor(target?.facts));
  checkMode(mode, trigger, target, Object.keys(targets));
  return {
    id,
    title: flags.title === undefined ? titleOf(id) : checkTitle(flags.title),
    trigger,
    mode,
    owner: ownerOf(flags.service, deployed),
    target,
    namespace,
    metric,
    dimensions: { ...target?.facts.dimensions, ...dimensionsOf(flags.dimension ?? []) },
    approvers: Object.keys(deployed.groups)[0] ?? '',
  };
}

const longestTitle = 120;

/** A title that a manifest, a heading and a message in chat can have, without what stands around it. */
export function checkTitle(text: string): string {
  const title = text.trim();
  const wrong =
    title === ''
      ? 'is empty'
      : /[\p{Cc}\u2028\u2029]/u.test(title)
        ? 'has more than one line, or characters that nobody sees'
        : title.length > longestTitle
          ? `has ${title.length} characters`
          : undefined;
  if (wrong === undefined) return title;
  throw new NewRunbookError(`--title ${wrong}; say in one line of at most ${longestTitle} characters what is wrong.`);
}

/** `checkout-latency` becomes `Checkout latency`. */
export function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function oneOf<Name extends string>(flag: string, value: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === value);
  if (found) return found;
  throw new NewRunbookError(`${flag} ${value} is not known; choose one of ${known.join(', ')}.`);
}

/** The kind that was named, or the one that the namespace of the metric belongs to. */
function targetOf({ target, metric }: Flags, targets: Readonly<Record<string, Target>>): Answers['target'] {
  const name =
    target ??
    Object.entries(targets).find(([, facts]) => metric?.startsWith(`${metricOf(facts.metric).namespace}/`))?.[0];
  if (name === undefined) return undefined;
  const facts = targets[oneOf('--target', name, Object.keys(targets))];
  return facts && { name, facts };
}

/** What a runbook for this may do, beginning with what it does where nobody says. */
export function modesOf(trigger: Trigger, target: Target | undefined): readonly [Mode, ...Mode[]] {
  const mayChange = target && trigger !== 'webhook' && (trigger === 'alarm' || target.parameters.event);
  return mayChange ? ['approve', 'observe', 'act'] : ['observe'];
}

/** What a runbook changes, or says that it would have changed; undefined for one that only looks. */
export function changedBy({ trigger, target }: Pick<Answers, 'trigger' | 'target'>): Answers['target'] {
  return target && modesOf(trigger, target.facts).includes('approve') ? target : undefined;
}

/** Refuses a mode that a runbook for this cannot have. */
export function checkMode(mode: Mode, trigger: Trigger, target: Answers['target'], known: readonly string[]): void {
  if (modesOf(trigger, target?.facts).includes(mode)) return;
  if (trigger === 'webhook')
    throw new NewRunbookError(
      `A sender outside AWS is never enough to change something, so a runbook for a webhook has --mode observe, not ${mode}.`,
    );
  if (!target)
    throw new NewRunbookError(
      `--mode ${mode} changes something, so it needs --target, the kind of thing it changes: one of ${known.join(', ')}.`,
    );
  throw new NewRunbookError(
    `AWS sends no event that names one ${target.facts.noun} well enough to change it; use --trigger alarm, or --mode observe.`,
  );
}

/** The metric of an alarm where nobody says which. */
export function metricFor(target: Target | undefined): string {
  return target?.metric ?? 'Shop/FailedOrders';
}

export function metricOf(text: string): { readonly namespace: string; readonly metric: string } {
  const at = text.lastIndexOf('/');
  const [namespace, metric] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || metric === '' || /["\\\n]/.test(text))
    throw new NewRunbookError(
      `--metric ${text} is no metric; write <namespace>/<name>, such as AWS/ECS/CPUUtilization.`,
    );
  return { namespace, metric };
}

function dimensionsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([\w.-]+)=([\w./:@-]+)$/.exec(text) ?? [];
      if (name && value) return [name, value];
      throw new NewRunbookError(
        `--dimension ${text} is no dimension; write <name>=<value>, such as ServiceName=checkout.`,
      );
    }),
  );
}

/** Who owns what no service matches. */
export function defaultOwner({ services }: LoadedConfig['deployed']): string {
  return services.at(-1)?.owner ?? 'nobody';
}

/** The id of a service stands for whoever owns it. */
function ownerOf(service: string | undefined, deployed: LoadedConfig['deployed']): string {
  if (service === undefined) return defaultOwner(deployed);
  return deployed.services.find(({ id }) => id === service)?.owner ?? service;
}
