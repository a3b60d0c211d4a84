/** The value of an environment variable that the stack sets. Throws at cold start when it does not. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set; the stack sets it for this function.`);
  return value;
}
