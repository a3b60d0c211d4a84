import { bundles } from './bundles.ts';
import { transitions } from './transitions.ts';

/** Every benchmark by name: `npm run bench -- <name>`; without a name, all of them. */
const benchmarks: Readonly<Record<string, () => Promise<void>>> = { transitions, bundles };

const names = process.argv.slice(2);
if (names.includes('--help')) {
  console.log(`npm run bench -- [${Object.keys(benchmarks).join(' | ')}]`);
} else {
  const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) {
    console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`);
    process.exitCode = 2;
  } else {
    for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
      console.log(`\n## ${name}\n`);
      await benchmarks[name]?.();
    }
  }
}
