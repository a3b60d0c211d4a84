import { describe, expect, it } from 'vitest';
import { linksOf, senderLinksOf } from '../../../../functions/domain/telling/links.ts';
import { anAlert } from '../../../support/an-alert.ts';

const instance =
  'https://eu-central-1.console.aws.amazon.com/ec2/home?region=eu-central-1#InstanceDetails:instanceId=i-0a1b2c3d4e5f60718';
const hrefs = (href: string) =>
  linksOf(
    anAlert({
      links: [{ href, text: 'Console' }],
      resource: { type: 'unknown', id: 'x' },
      origin: { ...anAlert().origin, format: 'other' },
    }),
  ).map((link) => link.href);

describe('linksOf', () => {
  it('makes nothing clickable that a sender chose: a console has links that do something, too', () => {
    const href = 'https://eu-central-1.console.aws.amazon.com/cloudformation/home#/stacks/quickcreate?templateURL=x';
    const alert = anAlert({
      links: [{ href, text: 'Approve this repair' }],
      resource: { type: 'unknown', id: 'x' },
      origin: { ...anAlert().origin, format: 'pagerduty', sent_by: 'pagerduty' },
    });
    expect(linksOf(alert)).toEqual([]);
    expect(senderLinksOf(alert)).toEqual([`eu-central-1.console.aws.amazon.com · Approve this repair · ${href}`]);
  });

  it.each([
    'https://eu-central-1.console.aws.amazon.com/cloudwatch/home#x',
    'https://console.aws.amazon.com/cloudwatch/home',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/x',
    'https://health.aws.amazon.com/health/home',
  ])('shows %s', (href) => {
    expect(hrefs(href)).toEqual([href]);
  });

  it.each([
    'http://console.aws.amazon.com/',
    'https://console.aws.amazon.com.evil.tld/',
    'https://evil.tld/console.aws.amazon.com',
    'https://console.aws.amazon.com@evil.tld/',
    'https://user:pass@console.aws.amazon.com/',
    'https://console.aws.amazon.com:8443/',
    'https://evilconsole.aws.amazon.com/',
    'https://health.aws.amazon.com.evil.tld/',
    'https://grafana.example.com/d/checkout',
    'javascript:alert(1)',
    'not a link',
    `https://console.aws.amazon.com/${'a'.repeat(2000)}`,
  ])('does not show %s', (href) => {
    expect(hrefs(href)).toEqual([]);
  });

  it('makes links to the alarm and the instance where the alert brings none', () => {
    expect(linksOf(anAlert())).toEqual([
      {
        href: 'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#alarmsV2:alarm/checkout-1%20status%20check',
        text: 'Alarm in CloudWatch',
      },
      { href: instance, text: 'Instance in EC2' },
    ]);
  });

  it('makes none from a Region or an id that is not one', () => {
    const origin = { ...anAlert().origin, region: 'evil.tld/#' };
    expect(linksOf(anAlert({ origin }))).toEqual([]);
    expect(linksOf(anAlert({ resource: { type: 'AWS::EC2::Instance', id: 'i-0/../x' } }))).toHaveLength(1);
  });
});

const linesOf = (...links: { href: string; text: string }[]) => senderLinksOf(anAlert({ links }));

describe('senderLinksOf', () => {
  it('shows where a sender points as text, with the host before the label', () => {
    expect(
      linesOf(
        { href: 'https://wiki.example.com/checkout', text: 'Runbook' },
        { href: 'https://grafana.example.com:3000/silence?a=b', text: 'https://console.aws.amazon.com/' },
      ),
    ).toEqual([
      'wiki.example.com · Runbook · https://wiki.example.com/checkout',
      'grafana.example.com:3000 · https://grafana.example.com:3000/silence?a=b',
    ]);
  });

  it.each([
    ['console.aws.amazon.com.evil.tld · Console · ', 'https://console.aws.amazon.com.evil.tld/'],
    ['evil.tld · Console · ', 'https://evil.tld/console.aws.amazon.com'],
    ['xn--mazon-3ve.com · Console · ', 'https://аmazon.com/'],
  ])('begins with %s', (begin, href) => {
    expect(linesOf({ href, text: 'Console' })[0]?.startsWith(begin)).toBe(true);
  });

  it.each([
    'https://eu-central-1.console.aws.amazon.com/ec2/home',
    'http://wiki.example.com/',
    'https://console.aws.amazon.com@evil.tld/',
    'https://user:pass@evil.tld/',
    'javascript:alert(1)',
    'not a link',
  ])('does not show %s', (href) => {
    expect(linesOf({ href, text: 'Runbook' })).toEqual([]);
  });

  it('shows no secret, no character that hides, and no more than three of 500 characters', () => {
    const [line] = linesOf({
      href: 'https://wiki.example.com/\u202E?token=abcdefgh&x=1',
      text: 'Run\u202Ebook\nxoxb-1234-abcd',
    });
    expect(line).toBe('wiki.example.com · Runbook [redacted] · https://wiki.example.com/%E2%80%AE?token=[redacted]');
    const [long] = linesOf({ href: `https://wiki.example.com/${'a'.repeat(900)}`, text: '' });
    expect(long).toMatch(/^wiki\.example\.com · https:\/\/wiki\.example\.com\/a{474}…$/);
    const many = [1, 2, 2, 3, 4].map((page) => ({ href: `https://wiki.example.com/${page}`, text: 'Page' }));
    expect(linesOf(...many).map((shown) => shown.at(-1))).toEqual(['1', '2', '3']);
  });
});
