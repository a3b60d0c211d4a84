import { stringify } from 'yaml';
import { type Answers, changedBy } from './answers.ts';
import { fillTemplate } from './fill-template.ts';

type Values = Readonly<Record<string, string>>;

/** What the places of the templates are filled with. `changeWorld` is what AWS answers while the change is made. */
export function templateValues(answers: Answers, changeWorld: string): Values {
  const base = { ...commonValues(answers), ...triggerValues(answers) };
  return changedBy(answers) ? { ...base, ...changeValues(answers, changeWorld, base) } : base;
}

/** Plain where YAML reads it as it is meant, quoted where it would not. */
function yamlText(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd();
}

function commonValues({ id, title, owner, mode, target, dimensions }: Answers): Values {
  const noun = target?.facts.noun ?? 'resource';
  return {
    ...dimensions,
    runbook: id,
    title: yamlText(title),
    title_text: title,
    title_json: JSON.stringify(title),
    owner: yamlText(owner),
    mode,
    noun,
    state: target?.facts.state ?? 'Alert',
    what: yamlText(`${title.replace(/[.]$/, '')}; whoever depends on it notices before long.`),
    where: yamlText(target ? `The ${noun} that the alert names, in this account and Region.` : 'What the alert names.'),
    event_id: '5e3b1c1e-6d3b-4a4f-9a3a-0f6f3c7d0a01',
    alarm_name: id,
    webhook_name: pascalCase(id),
    health_service: healthServiceOf(target),
    id: target ? (dimensions[target.facts.id] ?? '') : '',
    dimensions_json: dimensionsJson(dimensions),
    entity: target
      ? fillTemplate(target.facts.arn, dimensions, 'targets.yaml')
          .replace('{{region}}', 'eu-central-1')
          .replace('{{account}}', '123456789012')
      : id,
  };
}

/** As the formatter of this repository writes the dimensions of a recorded alarm: in a line, where they fit into one. */
function dimensionsJson(members: Readonly<Record<string, string>>): string {
  const texts = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const line = `{ ${texts.join(', ')} }`;
  const [indent, room] = [' '.repeat(14), 120 - '"dimensions": '.length];
  if (texts.length === 0) return '{}';
  return indent.length + line.length <= room ? line : `{\n${indent}  ${texts.join(`,\n${indent}  `)}\n${indent}}`;
}

function triggerValues({ id, trigger, target, namespace, metric }: Answers): Values {
  const type = target ? `\nresource: { type: ['${target.facts.type}'] }` : '';
  const looksAtChanges = 'changes of the last hour in CloudTrail, and changes that a pipeline announced';
  if (trigger === 'alarm')
    return {
      namespace,
      metric_name: metric,
      threshold: String(target?.facts.threshold ?? 1),
      match: `origin: { format: [cloudwatch] }\npayload: { component: [${yamlText(namespace)}], class: [${yamlText(metric)}] }${type}`,
      ...diagnosticsValues(['metric-around-alarm', 'recent-changes', 'announced-changes']),
      event: 'alarm.json',
      metric_world: metricWorld(metric),
      fires: `when an alarm on \`${namespace}\` \`${metric}\`${target ? ` of one ${target.facts.noun}` : ''} goes to ALARM`,
      looks_at: `the metric of the last three hours, ${looksAtChanges}`,
      wait_by_hand:
        'Wait until the alarm is OK, and see that it stays OK for five minutes. If it does not, call a person.',
      proof: 'by the alarm: OK within fifteen minutes, and OK for five minutes after that',
    };
  const others = {
    ...diagnosticsValues(['recent-changes', 'announced-changes']),
    event: 'event.json',
    metric_world: '',
    looks_at: looksAtChanges,
    wait_by_hand:
      'Wait until the event is over, and see that it stays so for five minutes. If it does not, call a person.',
    proof: 'by the event that says that it is over, within fifteen minutes, and by silence for five minutes after that',
  };
  if (trigger === 'webhook')
    return {
      ...others,
      match: `origin: { format: [alertmanager] }\npayload: { class: [${pascalCase(id)}] }`,
      fires: `when Alertmanager sends the alert \`${pascalCase(id)}\``,
    };
  if (target?.name === 'ecs-service')
    return {
      ...others,
      match: `origin: { format: [ecs] }\npayload: { class: [SERVICE_TASK_PLACEMENT_FAILURE, SERVICE_TASK_START_IMPAIRED] }${type}`,
      fires: 'when ECS says that the service cannot place or start its tasks',
    };
  const service = healthServiceOf(target);
  return {
    ...others,
    match: `origin: { format: [aws-health] }\npayload: { component: [${service}] }`,
    fires: `when AWS Health tells of trouble with ${service}`,
  };
}

/** What AWS Health calls the service of a target. */
function healthServiceOf(target: Answers['target']): string {
  return (target?.facts.type.split('::')[1] ?? 'EC2').toUpperCase();
}

function diagnosticsValues(names: readonly string[]): Values {
  return { diagnostics: names.join(', '), diagnostics_json: names.map((name) => JSON.stringify(name)).join(', ') };
}

function metricWorld(metric: string): string {
  return [
    '- call: cloudwatch:GetMetricData',
    '  output:',
    `    MetricDataResults: [{ Id: m1, Label: ${yamlText(metric)}, Values: [10, 11, 12, 98], StatusCode: Complete }]`,
  ].join('\n');
}

function changeValues({ mode, trigger, target, approvers, dimensions }: Answers, world: string, base: Values): Values {
  if (!target) return {};
  const { change, noun, arn, parameters } = target.facts;
  const given = (trigger === 'event' && parameters.event) || parameters.alarm;
  // What only observes asks once it may do more.
  const asks = mode !== 'act';
  const end = change.contains ? 'contained' : 'recovered';
  return {
    document: change.document,
    does: change.does,
    by_hand: yamlText(change.by_hand),
    undo: change.undo,
    command: change.command,
    timeout: change.timeout,
    call: change.call,
    change_state: change.state,
    changed_by: change.call.split(':')[1] ?? '',
    contains: change.contains ? `contains: ${yamlText(change.contains)}` : '',
    parameters: Object.entries(given)
      .map(([name, { from, pattern }]) => `${name}: { from: ${from}, pattern: '${pattern}' }`)
      .join('\n'),
    parameters_json: Object.entries(given)
      .map(([name, { from }]) => `"${name}": "{% $incident.alert.${from} %}"`)
      .join(',\n            '),
    mutations: change.mutations
      .map(
        (action) =>
          `- action: ${action}\n  resource: ${change.resource}\n  condition: { StringEquals: { 'aws:ResourceTag/handsoff': act } }`,
      )
      .join('\n'),
    approval: asks ? `approval:\n  approvers: ${approvers}\n  expires: 15m\n\n` : '',
    verify: change.contains ? '' : '\nverify:\n  timeout: 15m\n  hold: 5m',
    who_agrees: mode === 'observe' ? ', once it may and an approver agreed' : asks ? ', after an approver agreed' : '',
    proof: change.contains
      ? 'by reading back that it is so; that cures nothing, so a person is called'
      : (base['proof'] ?? ''),
    rehearsal_title: titleOfRehearsal(noun, asks, change.contains !== undefined),
    change_world: fillTemplate(world, base, `worlds/${target.name}.yaml`).trimEnd(),
    happenings: change.contains
      ? ''
      : `happenings:\n  - when: { answered: '${change.call}' }\n    after: 2m\n    eventFile: recovered.json`,
    arn: yamlText(fillTemplate(arn, dimensions, 'targets.yaml')),
    good_end: end,
    told: toldOf(asks, end).join(', '),
  };
}

function titleOfRehearsal(noun: string, asks: boolean, contains: boolean): string {
  const begin = asks ? 'An approver agrees' : 'Nobody is at work on it';
  return contains
    ? `${begin}, the ${noun} is changed so that nothing is lost, and a person is called`
    : `${begin}, the ${noun} is changed, and it recovers`;
}

function toldOf(asks: boolean, end: 'contained' | 'recovered'): string[] {
  const ask = asks ? ['approval-requested', 'approved'] : [];
  const after = end === 'recovered' ? ['cleared', 'resolved'] : ['needs-human'];
  return ['triggered', 'diagnosed', ...ask, 'automation-started', ...after];
}

function pascalCase(id: string): string {
  return id.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
