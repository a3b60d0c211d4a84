/** What of asl-validator 4 is used here; it comes without types. */
declare module 'asl-validator' {
  interface AslError {
    readonly 'Error code': string;
    readonly Message: string;
    readonly schemaError?: { readonly instancePath: string };
  }
  export default function validate(definition: unknown): { readonly errors: readonly AslError[] };
}
