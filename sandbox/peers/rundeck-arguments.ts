/** The options in a line such as `-queue orders -note "two words"`: https://docs.rundeck.com/docs/api/#running-a-job */
export function splitArguments(line: string): Record<string, string> {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
  const options: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    if (word.startsWith('-')) options[word.slice(1)] = words[index + 1] ?? '';
  }
  return options;
}
