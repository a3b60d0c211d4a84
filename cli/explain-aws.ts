/** Adds what to do where AWS could not be asked for want of a Region or credentials; throws all else as it is. */
export function explainAws(otherwise: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error) || !/^Region is missing|credentials/i.test(error.message)) throw error;
    const reason = error.message.replace(/\.?$/, '.');
    throw new Error(`${reason} Set AWS_REGION and AWS_PROFILE, or log in to AWS${otherwise}.`, { cause: error });
  };
}
