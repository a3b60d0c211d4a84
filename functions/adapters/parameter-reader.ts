import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Reads String parameters of Parameter Store, afresh each time: a kill switch must work at once. */
export class ParameterReader {
  readonly #client: SSMClient;

  constructor(client: SSMClient) {
    this.#client = client;
  }

  /** The values by name; a parameter that is not there is absent. At most 10 names, SSM's own limit for one call. */
  async read(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { Parameters: parameters = [] } = await this.#client.send(new GetParametersCommand({ Names: [...names] }));
    return new Map(parameters.map((parameter) => [parameter.Name ?? '', parameter.Value ?? '']));
  }
}
