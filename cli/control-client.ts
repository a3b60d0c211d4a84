import { defaultPort } from './control-server.ts';

/** Raised when no sandbox answers, or when it refuses; its message says what to do. */
export class ControlError extends Error {
  override readonly name = 'ControlError' as const;
}

/** Asks the running sandbox. Throws a `ControlError` for whatever it does not take. */
export async function askSandbox(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  port = defaultPort,
): Promise<unknown> {
  const response = await reach(method, path, body, port);
  const answer = await readAnswer(response, port);
  if (response.ok) return answer;
  const reason =
    typeof answer === 'object' && answer !== null && 'error' in answer
      ? String(answer.error)
      : `status ${response.status}`;
  throw new ControlError(reason);
}

async function readAnswer(response: Response, port: number): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    const what = `What answers on port ${port} is no sandbox`;
    throw new ControlError(`${what}. Start one with \`npx handsoff start\`, or name its port with --port.`);
  }
}

async function reach(method: string, path: string, body: unknown, port: number): Promise<Response> {
  try {
    return await fetch(`http://127.0.0.1:${port}/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ControlError(
      `No sandbox answers on port ${port}. Start one with \`npx handsoff start\`, or name its port with --port.`,
    );
  }
}
