import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Answers, changedBy } from './answers.ts';
import { fillTemplate } from './fill-template.ts';
import { templatesFolder } from './targets.ts';
import { templateValues } from './template-values.ts';

/** The files of a new runbook by their names in its folder. */
export function makeRunbook(answers: Answers): ReadonlyMap<string, string> {
  const changes = changedBy(answers);
  const values = templateValues(answers, changes ? readTemplate(`worlds/${changes.name}.yaml`) : '');
  const shape = changes ? 'change' : 'observe';
  const [event, recovered] = eventsFor(answers);
  const templates: [file: string, template: string][] = [
    ['runbook.yaml', `${shape}/runbook.yaml`],
    ['definition.asl.json', `${shape}/definition.asl.json`],
    ['README.md', `${shape}/README.md`],
    [`rehearsals/${values['event']}`, event],
  ];
  if (changes) {
    const { document, contains } = changes.facts.change;
    templates.push(
      [`${document}.automation.yaml`, `automations/${document}.automation.yaml`],
      [`rehearsals/${contains ? 'contains' : 'recovers'}.yaml`, 'change/rehearsals/recovers.yaml'],
      ['rehearsals/changed-lately.yaml', 'change/rehearsals/changed-lately.yaml'],
    );
    if (!contains && recovered) templates.push(['rehearsals/recovered.json', recovered]);
  } else templates.push(['rehearsals/person-is-called.yaml', 'observe/rehearsals/person-is-called.yaml']);
  return new Map(
    templates.map(([file, template]) => [file, fillTemplate(readTemplate(template), values, template)] as const),
  );
}

/** Writes them into the folder. */
export function writeRunbook(directory: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The recorded event that starts it, and the one that says that it is over. */
function eventsFor({ trigger, target }: Answers): readonly [string, string?] {
  if (trigger === 'alarm') return ['events/alarm.json', 'events/alarm-recovered.json'];
  if (trigger === 'webhook') return ['events/webhook.json'];
  return target?.name === 'ecs-service' ? ['events/ecs.json', 'events/ecs-recovered.json'] : ['events/health.json'];
}

function readTemplate(name: string): string {
  return readFileSync(join(templatesFolder, name), 'utf8');
}
