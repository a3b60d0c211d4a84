const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The number that EventBridge compares for this JSON number text, or undefined when it compares the text itself: that
 * is so for any decimal that a 64-bit float cannot hold exactly as written (9007199254740993) and for what overflows it.
 * https://github.com/aws/event-ruler#numeric-matching
 */
export function comparableNumber(text: string): number | undefined {
  const written = normaliseDecimal(text);
  if (written === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || normaliseDecimal(String(value)) !== written) return undefined;
  return value === 0 ? 0 : value;
}

function normaliseDecimal(text: string): string | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '') return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${scale}`;
}
