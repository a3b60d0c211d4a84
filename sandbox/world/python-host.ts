import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { whyNotStarted } from './real-process.ts';

/**
 * Python that reads requests, one a line, and forks for each of them, one after another: the script's process falls out of
 * `serve`, so that whatever it raises ends it as it would end Python. The host waits for it, ends what it has started,
 * and it too when its time is over, and says on standard output how it ended. It has compiled something before, because
 * the first time takes longer than most scripts.
 */
const HOST = `import json, os, signal, sys

def watch(child, seconds):
    late = []
    def stop(number, frame):
        late.append(True)
        os.killpg(child, signal.SIGKILL)
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.killpg(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    return {"exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1, "late": bool(late)}

def serve():
    compile("def handler(events, context): return {}", "script.py", "exec")
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        # Whoever comes first: the group has to be there before it can be ended.
        os.setpgid(child, child)
        if child == 0:
            return request
        answer = {"id": request["id"], **watch(child, request["seconds"])}
        os.write(1, (json.dumps(answer) + "\\n").encode())
    os._exit(0)

request = serve()
os.chdir(request["directory"])
sys.stdin = open(os.devnull)
os.dup2(sys.stdin.fileno(), 0)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(os.open("_stderr", os.O_WRONLY | os.O_CREAT), 2)
names = {"__name__": "script", "exit": sys.exit, "quit": sys.exit}
with open("_script.py") as file:
    exec(compile(file.read(), "script.py", "exec"), names)
value = names[request["handler"]](request["input"], {})
with open("_result.json", "w") as file:
    json.dump(value, file)
# What it left open is written; to clear away the rest would take longer than most scripts.
names.clear()
os._exit(0)
`;

/** The files of a script's folder that are not the script's own: what runs, what it returned, and what it complained of. */
export const hostFiles = { script: '_script.py', result: '_result.json', stderr: '_stderr' } as const;

/** A handler to call in the script that lies in a folder. */
export interface HostedScript {
  readonly directory: string;
  readonly handler: string;
  readonly input: unknown;
  /** Real seconds after which it is ended, with all that it started. */
  readonly seconds: number;
}

/** How it ended. */
export interface HostedEnd {
  /** -1 when it was ended. */
  readonly exitCode: number;
  readonly isLate: boolean;
}

interface Waiting {
  readonly resolve: (end: HostedEnd) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A Python that is started once and forks for each script, because to start it takes ten times as long as most scripts run.
 * It ends with this process, and keeps it from ending only while a script runs.
 */
export class PythonHost {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  private constructor(path: string) {
    // Without what is installed beside the standard library, it starts in half the time.
    const child = spawn('python3', ['-I', '-S', '-B', '-c', HOST], {
      env: { PATH: path },
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    this.#process = child;
    child.on('error', (error) => this.#fail(path, whyNotStarted('python3', error)));
    child.on('exit', () => this.#fail(path, new Error('The Python that runs the scripts of rehearsals has ended.')));
    child.stdin?.on('error', () => undefined);
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#hold(false);
  }

  /** The host for the `python3` of this PATH. */
  static on(path: string): PythonHost {
    const host = hosts.get(path) ?? new PythonHost(path);
    hosts.set(path, host);
    return host;
  }

  /** Runs a script in a process of its own, which inherits nothing but PATH. Throws a `ProgramMissingError`. */
  run(script: HostedScript): Promise<HostedEnd> {
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#hold(true);
      this.#process.stdin?.write(`${JSON.stringify({ id, ...script })}\n`);
    });
  }

  #hear({ id, exit, late }: { readonly id: number; readonly exit: number; readonly late: boolean }): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#hold(false);
    waiting?.resolve({ exitCode: exit, isLate: late });
  }

  #fail(path: string, error: Error): void {
    if (hosts.get(path) === this) hosts.delete(path);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** Whether this process stays for it. */
  #hold(isHeld: boolean): void {
    const { stdin, stdout } = this.#process;
    for (const handle of [this.#process, stdin, stdout] as ({ ref?(): void; unref?(): void } | null)[])
      if (isHeld) handle?.ref?.();
      else handle?.unref?.();
  }
}

const hosts = new Map<string, PythonHost>();
