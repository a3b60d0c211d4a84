/** One benchmark: what it is for, and how it is come by, so that no other one's code is loaded. */
interface Benchmark {
  readonly about: string;
  readonly load: () => Promise<() => Promise<void>>;
}

/** Every benchmark by name: `npm run bench -- <name>`; without a name, all of them. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  transitions: {
    about: 'Standard transitions that an incident costs, by state machine',
    load: async () => (await import('./transitions.ts')).transitions,
  },
  rehearse: {
    about: 'every runbook with everything that can break in it (half a minute to a minute and a half)',
    load: async () => (await import('./rehearse.ts')).rehearsals,
  },
  bundles: {
    about: 'size of every function, and how long it takes to load',
    load: async () => (await import('./bundles.ts')).bundles,
  },
  cost: {
    about: "monthly AWS bill at 0, 300, 3,000 and 30,000 incidents, beside AWS's own solution",
    load: async () => (await import('./cost.ts')).cost,
  },
  intake: {
    about: 'the same alerts through our triage and through Prometheus Alertmanager, side by side (two minutes)',
    load: async () => (await import('./intake.ts')).intake,
  },
};

const names = process.argv.slice(2);
if (names.includes('--help')) {
  console.log(`npm run bench -- [${Object.keys(benchmarks).join(' | ')}]\n`);
  for (const [name, { about }] of Object.entries(benchmarks)) console.log(`  ${name.padEnd(12)} ${about}`);
} else {
  const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) {
    console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`);
    process.exitCode = 2;
  } else {
    for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
      console.log(`\n## ${name}\n`);
      const run = await benchmarks[name]?.load();
      await run?.();
    }
  }
}
