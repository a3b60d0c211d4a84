import { type KeyObject, X509Certificate } from 'node:crypto';
import type { GetFromSns } from './sns-http.ts';

/** SNS changes its certificate about once a year; the old and the new may be in use together. */
const maxKept = 4;

/** The certificates that SNS signs with, each fetched once. */
export class SnsCertificates {
  readonly #get: GetFromSns;
  readonly #kept = new Map<string, X509Certificate>();

  constructor(get: GetFromSns) {
    this.#get = get;
  }

  /**
   * The key behind a URL whose host was checked; the connection to that host vouches for it. Undefined for what is no
   * certificate, or not valid at `now`. Throws when SNS cannot be asked, so that the sender comes back.
   */
  async keyAt(url: string, now: Date): Promise<KeyObject | undefined> {
    const certificate = this.#kept.get(url) ?? (await this.#fetch(url));
    if (!certificate) return undefined;
    this.#keep(url, certificate);
    const isValid =
      Date.parse(certificate.validFrom) <= now.getTime() && now.getTime() <= Date.parse(certificate.validTo);
    return isValid ? certificate.publicKey : undefined;
  }

  async #fetch(url: string): Promise<X509Certificate | undefined> {
    const { status, text } = await this.#get(url);
    if (status >= 500) throw new Error(`SNS answered ${status} when it was asked for its certificate.`);
    return status === 200 ? parse(text) : undefined;
  }

  #keep(url: string, certificate: X509Certificate): void {
    const oldest = this.#kept.keys().next().value;
    if (!this.#kept.has(url) && this.#kept.size >= maxKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(url, certificate);
  }
}

function parse(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}
