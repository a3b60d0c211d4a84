/** One route of an HTTP API. */
export interface RouteDescription {
  /** `POST /slack/interactions`, `ANY /x/{proxy+}` or `$default`. */
  readonly routeKey: string;
  /** The function that answers; may be qualified. */
  readonly functionArn: string;
}

/** The route that a request takes, and what its path says. */
export interface RouteMatch {
  readonly route: RouteDescription;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface CompiledRoute {
  readonly route: RouteDescription;
  readonly method: string;
  readonly segments: readonly string[];
}

const ROUTE_KEY = /^(GET|HEAD|OPTIONS|PATCH|POST|PUT|DELETE|ANY) (\/\S*)$/;

/**
 * The routes of an API, most specific first: literal segments before variables before greedy ones, a method before ANY,
 * and $default last. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class RouteTable {
  readonly #routes: readonly CompiledRoute[];
  readonly #fallback: RouteDescription | undefined;

  /** Throws for a key that AWS would refuse, and for one that appears twice. */
  constructor(routes: readonly RouteDescription[]) {
    const keys = routes.map((route) => route.routeKey);
    const twice = keys.find((key, index) => keys.indexOf(key) !== index);
    if (twice !== undefined) throw new TypeError(`The route ${twice} appears twice.`);
    this.#fallback = routes.find((route) => route.routeKey === '$default');
    this.#routes = routes
      .filter((route) => route !== this.#fallback)
      .map(compileRoute)
      .sort(compareRoutes);
  }

  /** The route of a request, or undefined when there is none. */
  match(method: string, path: string): RouteMatch | undefined {
    const segments = segmentsOf(path);
    for (const compiled of this.#routes) {
      const pathParameters = matchRoute(compiled, method, segments);
      if (pathParameters) return { route: compiled.route, pathParameters };
    }
    return this.#fallback && { route: this.#fallback, pathParameters: {} };
  }
}

function compileRoute(route: RouteDescription): CompiledRoute {
  const match = ROUTE_KEY.exec(route.routeKey);
  const segments = segmentsOf(match?.[2] ?? '');
  const greedyAt = segments.findIndex((segment) => isGreedy(segment));
  if (!match?.[1] || (greedyAt !== -1 && greedyAt !== segments.length - 1)) {
    throw new TypeError(
      `${JSON.stringify(route.routeKey)} is not a route key; write one such as POST /orders/{id} or $default.`,
    );
  }
  return { route, method: match[1], segments };
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

function compareRoutes(a: CompiledRoute, b: CompiledRoute): number {
  return specificity(a).localeCompare(specificity(b));
}

function specificity({ segments, method }: CompiledRoute): string {
  const kinds = segments.map((segment) => {
    if (isGreedy(segment)) return '2';
    return isVariable(segment) ? '1' : '0';
  });
  return `${kinds.join('')}${method === 'ANY' ? '1' : '0'}`;
}

function matchRoute(
  { method, segments }: CompiledRoute,
  actualMethod: string,
  actual: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (method !== 'ANY' && method !== actualMethod) return undefined;
  const found: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = isGreedy(segment) ? actual.slice(index).join('/') : actual[index];
    if (value === undefined || (isVariable(segment) && value === '')) return undefined;
    if (isVariable(segment)) found[segment.replaceAll(/[{}+]/g, '')] = value;
    else if (segment !== value) return undefined;
    if (isGreedy(segment)) return found;
  }
  return segments.length === actual.length ? found : undefined;
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{') && segment.endsWith('}');
}

function isGreedy(segment: string): boolean {
  return segment.endsWith('+}');
}
