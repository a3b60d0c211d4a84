import type { Alert } from '../alert.ts';
import { cutText, oneLine } from './plain-text.ts';

/** A link that people may be shown. */
export interface Link {
  readonly href: string;
  readonly text: string;
}

const consoleHost = /^(?:[a-z0-9-]+\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/;
const regionForm = /^[a-z]{2}(?:-[a-z]+)+-\d$/;
const maxLinks = 5;
const maxHrefLength = 2000;

/**
 * The links of an alert that lead to an AWS console, and one to its resource. Any other link came with the alert's text
 * and is not shown as one.
 */
export function linksOf(alert: Alert): Link[] {
  const given = alert.links.flatMap(safeLink);
  const alarm = given.length === 0 ? alarmLink(alert) : [];
  return [...given, ...alarm, ...instanceLink(alert)].slice(0, maxLinks);
}

function safeLink({ href, text }: Link): Link[] {
  if (!URL.canParse(href)) return [];
  const url = new URL(href);
  if (
    url.protocol !== 'https:' ||
    url.username ||
    url.password ||
    !consoleHost.test(url.host) ||
    url.href.length > maxHrefLength
  )
    return [];
  return [{ href: url.href, text: cutText(oneLine(text) || url.host, 75) }];
}

function alarmLink({ origin, payload }: Alert): Link[] {
  const root = consoleRootOf(origin.region);
  if (!root || origin.format !== 'cloudwatch' || !payload.group) return [];
  const name = encodeURIComponent(payload.group).replaceAll("'", '%27');
  return [
    { href: `${root}/cloudwatch/home?region=${origin.region}#alarmsV2:alarm/${name}`, text: 'Alarm in CloudWatch' },
  ];
}

function instanceLink({ origin, resource }: Alert): Link[] {
  const root = consoleRootOf(origin.region);
  if (!root || resource.type !== 'AWS::EC2::Instance' || !/^i-[0-9a-f]{8,17}$/.test(resource.id)) return [];
  const href = `${root}/ec2/home?region=${origin.region}#InstanceDetails:instanceId=${resource.id}`;
  return [{ href, text: 'Instance in EC2' }];
}

function consoleRootOf(region: string): string | undefined {
  if (!regionForm.test(region)) return undefined;
  if (region.startsWith('cn-')) return `https://${region}.console.amazonaws.cn`;
  return `https://${region}.console.${region.startsWith('us-gov-') ? 'amazonaws-us-gov.com' : 'aws.amazon.com'}`;
}
