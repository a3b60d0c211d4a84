import { basename, dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { oneLine } from '../functions/domain/telling/plain-text.ts';
import type { AwsCall, CallAws } from '../sandbox/aws.ts';
import type { ExecutionView } from '../sandbox/states/step-functions.ts';
import { messageOf } from './message-of.ts';
import { readTextFile } from './read-text-file.ts';

interface AslOptions {
  readonly input?: string;
  readonly world?: string;
  readonly name?: string;
  readonly express?: boolean;
  readonly json?: boolean;
  readonly now?: string;
}

/** One reason why a definition, an input or a world cannot be used; `path` points into the definition, or names the file. */
interface Complaint {
  readonly path: string;
  readonly message: string;
}

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** Raised with every reason why nothing was run. */
class RefusedError extends Error {
  override readonly name = 'RefusedError' as const;
  readonly complaints: readonly Complaint[];

  constructor(complaints: readonly Complaint[]) {
    super(complaints.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.complaints = complaints;
  }
}

/**
 * `handsoff asl`: runs one state machine on a virtual clock, its tasks answered from a world file. It exits with 0 when the
 * execution succeeded, 1 when it did not, and 2 when there was nothing to run.
 */
export function aslCommand(): Command {
  return new Command('asl')
    .description('Run a state machine of the Amazon States Language on a virtual clock, without AWS.')
    .argument('<definition>', 'the definition, a .asl.json file')
    .option('--input <file>', 'the input, a JSON file, or - for standard input (default: {})')
    .option('--world <file>', 'what AWS answers, a YAML or JSON file (default: no call is answered)')
    .option('--name <name>', 'the name of the execution')
    .option('--express', 'run it as an Express state machine')
    .option('--now <timestamp>', 'when the execution starts, such as 2026-03-01T00:00:00Z (default: the present)')
    .option('--json', 'print { status, output, error, cause, transitions, history } and nothing else')
    .addHelpText(
      'after',
      '\nExit codes: 0 the execution succeeded, 1 it did not, 2 there was nothing to run.\nWith --json, what keeps it from being run is printed as { error, errors: [{ path, message }] }.' +
        '\n\nExample:\n  npx handsoff asl machine.asl.json --input input.json --world world.yaml',
    )
    .action(async (definition: string, options: AslOptions) => {
      process.exitCode = await run(definition, options);
    });
}

async function run(file: string, options: AslOptions): Promise<number> {
  try {
    const view = await execute(file, options);
    await report(view, options.json === true);
    return view.status === 'SUCCEEDED' ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (options.json) console.log(JSON.stringify({ error: error.message, errors: error.complaints }));
    else console.error(error.message);
    return 2;
  }
}

async function execute(file: string, options: AslOptions): Promise<ExecutionView> {
  const { validateDefinition } = await import('../sandbox/states/validate.ts');
  const { runDefinition } = await import('../sandbox/states/run-definition.ts');
  const { VirtualClock } = await import('../sandbox/clock.ts');
  const type = options.express ? 'EXPRESS' : 'STANDARD';
  const definition = read(file);
  parseJson(definition, file);
  const problems = validateDefinition(definition, type);
  if (problems.length > 0) throw new RefusedError(problems.map(({ path, message }) => ({ path, message })));
  const input = await readInput(options.input);
  const clock = new VirtualClock(await readStart(options.now));
  const call = await readWorld(options.world, clock);
  const machineName =
    basename(file)
      .replace(/\.asl\.json$|\.json$/, '')
      .replace(/[^A-Za-z0-9_-]/g, '-') || 'machine';
  const given = { definition, machineName, type, input, executionName: options.name, call, clock } as const;
  return refuseAwsErrors(() => runDefinition({ ...given, account: ACCOUNT, region: REGION }));
}

async function report(view: ExecutionView, asJson: boolean): Promise<void> {
  if (!asJson) {
    const { describeTrace } = await import('../sandbox/states/trace.ts');
    console.log(describeTrace(view).join('\n'));
    return;
  }
  const { status, error = null, cause = null, transitions, history } = view;
  const output: unknown = view.output === undefined ? null : JSON.parse(view.output);
  console.log(JSON.stringify({ status, output, error, cause, transitions, history }));
}

/** An execution that AWS would not start, for its name or its input. */
async function refuseAwsErrors(start: () => Promise<ExecutionView>): Promise<ExecutionView> {
  const { AwsError } = await import('../sandbox/aws.ts');
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new RefusedError([{ path: error.name === 'InvalidName' ? '--name' : '--input', message: error.message }]);
  }
}

async function readInput(file: string | undefined): Promise<string> {
  if (file === undefined) return '{}';
  const content = file === '-' ? await text(process.stdin) : read(file);
  parseJson(content, file);
  return content;
}

function parseJson(content: string, file: string): void {
  try {
    JSON.parse(content);
  } catch (error) {
    throw new RefusedError([{ path: file, message: `is not JSON: ${oneLine(messageOf(error))}` }]);
  }
}

async function readStart(timestamp: string | undefined): Promise<number> {
  if (timestamp === undefined) return Date.now();
  const { parseTimestamp } = await import('../sandbox/states/timestamp.ts');
  const at = parseTimestamp(timestamp);
  if (at !== undefined) return at;
  throw new RefusedError([{ path: '--now', message: `${timestamp} is not an RFC 3339 timestamp` }]);
}

type Clock = InstanceType<typeof import('../sandbox/clock.ts').VirtualClock>;

async function readWorld(file: string | undefined, clock: Clock): Promise<CallAws> {
  if (file === undefined) {
    const { UndescribedCallError } = await import('../sandbox/world/undescribed-call-error.ts');
    return async ({ service, operation, input }) => {
      throw new UndescribedCallError(`${service}:${operation}`, input);
    };
  }
  const { parseWorld, World } = await import('../sandbox/world/world.ts');
  const description = await parseWorldFile(file, parseWorld);
  if (description.happenings.length > 0) {
    throw new RefusedError([{ path: file, message: 'happenings: asl has no event bus that they could reach' }]);
  }
  const world = new World(description, { clock, account: ACCOUNT, region: REGION, directory: dirname(file) });
  return (call) => world.answer(showPayload(call));
}

async function parseWorldFile<T>(file: string, parseWorld: (description: unknown) => T): Promise<T> {
  const { parse } = await import('yaml');
  const { WorldDescriptionError } = await import('../sandbox/world/world.ts');
  const content = read(file);
  try {
    return parseWorld(parse(content));
  } catch (error) {
    const problems = error instanceof WorldDescriptionError ? error.problems : [messageOf(error)];
    throw new RefusedError(problems.map((message) => ({ path: file, message })));
  }
}

/** Patterns of a world look into what a function is given, not at its text. */
function showPayload(call: AwsCall): AwsCall {
  const { Payload } = call.input;
  if (call.service !== 'lambda' || typeof Payload !== 'string') return call;
  const payload: unknown = JSON.parse(Payload);
  return { ...call, input: { ...call.input, Payload: payload } };
}

function read(file: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    throw new RefusedError([{ path: file, message: `cannot be read: ${messageOf(error)}` }]);
  }
}
