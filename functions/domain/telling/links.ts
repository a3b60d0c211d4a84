import type { Alert } from '../alert.ts';
import { withoutSecrets } from '../secret-text.ts';
import { cutText, oneLine } from './plain-text.ts';

/** A link that people may be shown. */
export interface Link {
  readonly href: string;
  readonly text: string;
}

const consoleHost =
  /^(?:(?:[a-z0-9-]+\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)|health\.aws\.amazon\.com)$/;
const regionForm = /^[a-z]{2}(?:-[a-z]+)+-\d$/;
const maxLinks = 5;
const maxHrefLength = 2000;
const maxSenderLinks = 3;
const maxSenderHrefLength = 500;

/**
 * The links to an AWS console that were built here, and one to the alert's resource. Any other link came with the alert
 * and is not shown as one: see `senderLinksOf`.
 */
export function linksOf(alert: Alert): Link[] {
  const given = isOfAws(alert) ? alert.links.flatMap(safeLink) : [];
  const alarm = given.length === 0 ? alarmLink(alert) : [];
  return [...given, ...alarm, ...instanceLink(alert)].slice(0, maxLinks);
}

/**
 * The other links of an alert, as text: the host first, so that no label hides where it leads. Whoever sends alerts
 * chooses them, so no channel may make them clickable behind words.
 */
export function senderLinksOf(alert: Alert): string[] {
  const lines = alert.links.flatMap(({ href, text }) => {
    const url = webAddress(href);
    if (!url || (isOfAws(alert) && isConsole(url))) return [];
    const label = text.includes('://') ? '' : cutText(oneLine(text), 75);
    const shown = cutText(withoutSecrets(oneLine(url.href)), maxSenderHrefLength);
    return [[url.host, withoutSecrets(label), shown].filter(Boolean).join(' · ')];
  });
  return [...new Set(lines)].slice(0, maxSenderLinks);
}

/** Adapters of AWS's own events build their links themselves. Others are chosen, and a console has links that do something. */
function isOfAws({ origin }: Alert): boolean {
  return origin.sent_by === undefined;
}

function safeLink({ href, text }: Link): Link[] {
  const url = webAddress(href);
  if (!url || !isConsole(url)) return [];
  return [{ href: url.href, text: cutText(oneLine(text) || url.host, 75) }];
}

/** An address with https and without credentials. */
function webAddress(href: string): URL | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  return url.protocol === 'https:' && !url.username && !url.password ? url : undefined;
}

function isConsole({ host, href }: URL): boolean {
  return consoleHost.test(host) && href.length <= maxHrefLength;
}

function alarmLink({ origin, payload }: Alert): Link[] {
  const root = consoleRootOf(origin.region);
  if (!root || origin.format !== 'cloudwatch' || !payload.group) return [];
  const name = encodeURIComponent(payload.group.toWellFormed()).replaceAll("'", '%27');
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
