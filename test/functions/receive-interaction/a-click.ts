import { createHmac } from 'node:crypto';

export const signingSecret = 'a-signing-secret';

/** What Slack sends for a click, with what the test wishes otherwise. */
export function aPayload(action: string, value: string, wishes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'block_actions',
    user: { id: 'U0HANDSOFF1', username: 'robin', name: 'robin', team_id: 'T1' },
    channel: { id: 'C0INCIDENTS', name: 'incidents' },
    actions: [{ type: 'button', action_id: `handsoff:${action}`, block_id: 'b', value }],
    ...wishes,
  };
}

/** The form around it. */
export function formOf(payload: unknown): string {
  return new URLSearchParams({ payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }).toString();
}

/** The signature of a body, as Slack makes it. */
export function signatureOf(body: string, timestamp: string, secret = signingSecret): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** The event of an HTTP API for a signed request at `now`. */
export function aRequest(
  body: string,
  now: Date,
  wishes: { headers?: Record<string, unknown>; isBase64Encoded?: boolean } = {},
) {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    version: '2.0',
    headers: {
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(body, timestamp),
      ...wishes.headers,
    },
    body: wishes.isBase64Encoded ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: wishes.isBase64Encoded ?? false,
  };
}
