/** How many requests a stage takes. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html */
export interface ThrottleDescription {
  /** Requests per second of virtual time, in the long run. */
  readonly rateLimit: number;
  /** Requests that may come at once. */
  readonly burstLimit: number;
}

/** The token bucket of a stage, on virtual time. */
export class Throttle {
  readonly #limits: ThrottleDescription;
  #tokens: number;
  #filledAtMs: number;

  constructor(limits: ThrottleDescription, nowMs: number) {
    this.#limits = limits;
    this.#tokens = limits.burstLimit;
    this.#filledAtMs = nowMs;
  }

  /** Takes one request in, or tells that there are too many. */
  admit(nowMs: number): boolean {
    const { rateLimit, burstLimit } = this.#limits;
    const gained = ((nowMs - this.#filledAtMs) / 1000) * rateLimit;
    this.#tokens = Math.min(burstLimit, this.#tokens + gained);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
