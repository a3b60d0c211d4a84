import { Command } from 'commander';
import { type ButtonAction, buttonActions } from '../functions/domain/telling/buttons.ts';
import type { FieldError } from '../functions/domain/normalised.ts';
import type { Incident, TimelineEntry } from '../functions/domain/incident.ts';
import { cutText, oneLine } from '../functions/domain/telling/plain-text.ts';
import { askSandbox, ControlError } from './control-client.ts';
import { defaultPort } from './control-server.ts';
import type { NoiseLine } from '../rehearsal/local-stack.ts';
import { readDuration } from './duration.ts';
import { messageOf } from './message-of.ts';
import { isNoEvent, noEvent } from './no-event.ts';
import { readPort } from './port.ts';
import { nameOf, readJsonFile } from './read-json-file.ts';
import { showIncident, showIncidentLine } from './show-incident.ts';

interface Options {
  readonly port: number;
  readonly json?: true;
}

/** The commands that talk to a running `handsoff start`. */
export function runningSandboxCommands(): Command[] {
  return [send(), incidents(), incident(), noise(), advance(), ...buttonActions.map(click)];
}

function send(): Command {
  return command(
    'send <file>',
    'Put an event (a JSON file, or - for standard input) on the bus of the running sandbox on which its like arrives.',
    async (file, options) => {
      const sent = (await askSandbox('POST', 'events', readEvent(file), options.port)) as {
        errors?: readonly FieldError[];
        unheard?: string;
      };
      print(options, sent, () => becameOf(sent, portOption(options)));
    },
  );
}

function becameOf({ errors, unheard }: { errors?: readonly FieldError[]; unheard?: string }, option: string): string {
  if (unheard) return `Delivered, and no rule takes it as an alert: ${unheard}.`;
  return errors ? unreadable(errors) : `Delivered. See \`npx handsoff incidents${option}\`.`;
}

function unreadable(errors: readonly FieldError[]): string {
  const what = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return `Delivered, and nobody can read it: ${what}. Whatever a rule takes of it goes to quarantine.`;
}

function noise(): Command {
  return command('noise', 'List the alerts that the running sandbox showed to nobody, and why.', async (_, options) => {
    const found = (await askSandbox('GET', 'noise', undefined, options.port)) as NoiseLine[];
    print(options, found, () => found.map(showNoiseLine).join('\n') || 'Nothing was kept from people.');
  });
}

function showNoiseLine({ recorded_at, reason, format, incident_id, summary }: NoiseLine): string {
  const at = recorded_at.replace(/\.\d+Z$/, 'Z');
  return `${at}  ${reason.padEnd(20)}${format.padEnd(14)}${(incident_id ?? '').padEnd(26)}${cutText(oneLine(summary), 100)}`;
}

function incidents(): Command {
  return command('incidents', 'List the incidents of the running sandbox.', async (_, options) => {
    const found = (await askSandbox('GET', 'incidents', undefined, options.port)) as Incident[];
    print(options, found, () => found.map(showIncidentLine).join('\n') || 'No incidents.');
  });
}

function incident(): Command {
  return command(
    'incident <id>',
    'Show one incident of the running sandbox with its timeline.',
    async (id, options) => {
      const found = (await askSandbox('GET', `incidents/${encodeURIComponent(id)}`, undefined, options.port)) as {
        incident: Incident;
        timeline: TimelineEntry[];
      };
      print(options, found, () => showIncident(found.incident, found.timeline, portOption(options)));
    },
  );
}

function advance(): Command {
  return command(
    'advance <duration>',
    "Let the running sandbox's time jump ahead, such as 90s, 15m or 2h.",
    async (text, options) => {
      const advance_ms = readDuration(text);
      if (advance_ms === undefined)
        throw new ControlError(`${text} is not a duration; write one such as 90s, 15m or 2h.`);
      print(options, await askSandbox('POST', 'clock', { advance_ms }, options.port), () => `Moved ahead by ${text}.`);
    },
  );
}

/** Clicks the button in chat as somebody: the signed request goes the whole way through the HTTP API. */
function click(action: ButtonAction): Command {
  const made = command(
    `${action} ${action === 'approve' || action === 'refuse' ? '<approval>' : '<incident>'}`,
    `Click ${action} in the running sandbox's chat, as somebody.`,
    async (value, options) => {
      const answer = await askSandbox('POST', 'clicks', { action, value, user: options.as }, options.port);
      const { incident_id } = answer as { incident_id: string };
      print(
        options,
        answer,
        () => `It counted. What follows stands in \`npx handsoff incident ${incident_id}${portOption(options)}\`.`,
      );
    },
  );
  return made.requiredOption('--as <user>', 'Slack member id of whoever clicks');
}

function command(
  usage: string,
  description: string,
  run: (argument: string, options: Options & { readonly as?: string }) => Promise<void>,
): Command {
  const [name = '', ...parameters] = usage.split(' ');
  const made = new Command(name).description(description);
  for (const parameter of parameters) made.argument(parameter);
  return made
    .option('--port <number>', 'port of the running sandbox', readPort, defaultPort)
    .option('--json', 'print JSON; an error is { "error": why }')
    .addHelpText(
      'after',
      '\nExit codes: 0 it was done, 1 it was not and the message says why, 2 the command line was not understood.',
    )
    .action(async (...given: unknown[]) => {
      const argument = parameters.length > 0 ? String(given[0]) : '';
      try {
        await run(argument, made.opts());
      } catch (error) {
        if (!(error instanceof ControlError)) throw error;
        if (made.opts<Options>().json) console.log(JSON.stringify({ error: error.message }));
        else console.error(`handsoff ${name}: ${error.message}`);
        process.exitCode = 1;
      }
    });
}

/** What a command needs to ask the same sandbox. */
function portOption({ port }: Options): string {
  return port === defaultPort ? '' : ` --port ${port}`;
}

function print({ json }: Options, value: unknown, show: () => string): void {
  console.log(json ? JSON.stringify(value, null, 2) : show());
}

function readEvent(file: string): unknown {
  const event = read(file);
  if (isNoEvent(event)) throw new ControlError(`${nameOf(file)}: ${noEvent.path} ${noEvent.message}.`);
  return event;
}

function read(file: string): unknown {
  try {
    return readJsonFile(file);
  } catch (error) {
    throw new ControlError(messageOf(error));
  }
}
