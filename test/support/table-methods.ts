import type { IncidentTable } from '../../functions/adapters/dynamodb-table.ts';

/** A table's methods, each to be put in the place of another one by a test. */
export function methodsOf(table: IncidentTable): IncidentTable {
  return {
    get: table.get.bind(table),
    getAll: table.getAll.bind(table),
    query: table.query.bind(table),
    queryBetween: table.queryBetween.bind(table),
    hasAny: table.hasAny.bind(table),
    increment: table.increment.bind(table),
    write: table.write.bind(table),
  };
}
