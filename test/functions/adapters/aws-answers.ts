/** A call as an SDK client was asked to send it. */
export interface SentCall {
  readonly name: string;
  readonly input: unknown;
}

/** Stands where an SDK client does: answers each command by its name, or throws the error that stands there. */
export function awsAnswers(answers: Readonly<Record<string, object>>, sent: SentCall[] = []): never {
  const client = {
    send: async (command: { readonly input: unknown; readonly constructor: { readonly name: string } }) => {
      const { name } = command.constructor;
      sent.push({ name, input: command.input });
      const answer = answers[name];
      if (answer instanceof Error) throw answer;
      if (!answer) throw new Error(`Nobody expected ${name}.`);
      return answer;
    },
  };
  return client as never;
}
