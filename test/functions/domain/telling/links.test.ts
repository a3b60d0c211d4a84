import { describe, expect, it } from 'vitest';
import { linksOf } from '../../../../functions/domain/telling/links.ts';
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
  it.each([
    'https://eu-central-1.console.aws.amazon.com/cloudwatch/home#x',
    'https://console.aws.amazon.com/cloudwatch/home',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/x',
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
