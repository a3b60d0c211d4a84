/** What SNS answered. */
export interface SnsResponse {
  readonly status: number;
  readonly text: string;
}

/** Gets a URL whose host was checked. */
export type GetFromSns = (url: string) => Promise<SnsResponse>;

const timeoutMs = 3000;

/** A certificate has 2 KB, a confirmation less than 1 KB. */
const maxAnswerBytes = 64 * 1024;

/** Gets a URL of SNS within 3 seconds. Follows no redirect, and throws for one, for a network error, or above 64 KiB. */
export async function getFromSns(url: string): Promise<SnsResponse> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  let bytes = Buffer.alloc(0);
  for await (const chunk of response.body ?? []) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length > maxAnswerBytes) throw new Error(`SNS answered with more than ${maxAnswerBytes} bytes.`);
  }
  return { status: response.status, text: bytes.toString('utf8') };
}
