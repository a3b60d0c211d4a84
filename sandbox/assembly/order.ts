import { AssemblyError } from './assembly-error.ts';
import type { Resource } from './resource.ts';

/**
 * Puts the resources of one stack in an order in which they can be created, otherwise as the template has them.
 * Throws an `AssemblyError` for a circular dependency, as CloudFormation does. Their properties must be resolved.
 */
export function orderByDependencies(stackName: string, resources: ReadonlyMap<string, Resource>): readonly Resource[] {
  const ordered = new Set<Resource>();
  const visit = (resource: Resource, path: readonly string[]) => {
    if (ordered.has(resource)) return;
    const start = path.indexOf(resource.logicalId);
    if (start >= 0) {
      const circle = [...path.slice(start), resource.logicalId].join(' → ');
      throw new AssemblyError([`${stackName}: circular dependency between resources: ${circle}.`]);
    }
    for (const id of resource.dependsOn) {
      const dependency = resources.get(id);
      if (dependency) visit(dependency, [...path, resource.logicalId]);
    }
    ordered.add(resource);
  };
  for (const resource of resources.values()) visit(resource, []);
  return [...ordered];
}
