import type { AwsCall, RequiredGrant } from '../aws.ts';
import { grantsForCall, type Place } from './grants.ts';
import type { World } from './world.ts';

/** Every AWS service that the sandbox has no part of its own for: IAM by grants.yaml, answers by the world. */
export class WorldService {
  readonly #world: World;
  readonly #place: Place;

  constructor(world: World, place: Place) {
    this.#world = world;
    this.#place = place;
  }

  /** What IAM must allow for the call. Throws as `grantsForCall` does. */
  grantsFor(service: string, operation: string, input: AwsCall['input']): readonly RequiredGrant[] {
    return grantsForCall(service, operation, input, this.#place);
  }

  /** Answers the call as the world describes. IAM was already checked. Throws `AwsError` or `UndescribedCallError`. */
  answer(call: AwsCall): Promise<Record<string, unknown>> {
    return this.#world.answer(call);
  }
}
