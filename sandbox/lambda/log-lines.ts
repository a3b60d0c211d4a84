/** One line that a function wrote. `at` is the virtual time in epoch milliseconds. */
export interface LogLine {
  readonly at: number;
  readonly functionName: string;
  readonly requestId: string;
  readonly stream: 'stdout' | 'stderr';
  readonly message: string;
}

/** Cuts what one invocation writes into lines. */
export class LineCutter {
  readonly #print: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly #open = { stdout: '', stderr: '' };

  constructor(print: (stream: 'stdout' | 'stderr', line: string) => void) {
    this.#print = print;
  }

  /** Takes text as it comes, and prints the lines that it completes. */
  take(stream: 'stdout' | 'stderr', text: string): void {
    const lines = (this.#open[stream] + text).split('\n');
    this.#open[stream] = lines.pop() ?? '';
    for (const line of lines) this.#print(stream, line);
  }

  /** Prints what has no line end yet. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#open[stream] !== '') this.#print(stream, this.#open[stream]);
      this.#open[stream] = '';
    }
  }
}
