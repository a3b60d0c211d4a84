/** An address in the console of AWS in a Region: `page` is such as `ec2/home`, `place` what stands behind the Region. */
export function consoleLink(region: string, page: string, place = ''): string {
  const name = urlPart(region);
  return `https://${name}.console.aws.amazon.com/${page}?region=${name}${place}`;
}

/** A sender's text as a part of an address; half a character, which no address can hold, becomes U+FFFD. */
export function urlPart(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
