import { messageOf } from './message-of.ts';

/** Why AWS was not reached at all. */
const unreached = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT/;

/** Credentials that AWS knows no more, or not at all. */
const unknownCredentials = /^(?:ExpiredToken(?:Exception)?|UnrecognizedClientException|InvalidClientTokenId)$/;

/** Adds what to do where AWS could not be asked for want of a Region, of credentials or of a way to it; throws all else as it is. */
export function explainAws(otherwise: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error)) throw error;
    const message = reasonsOf(error);
    const remedy = remedyOf(error.name, message);
    if (remedy === undefined) throw error;
    throw new Error(`${message.replace(/\.?$/, '.')} ${remedy}${otherwise}.`, { cause: error });
  };
}

/** Of a host with more than one address Node says only by each attempt why none was reached. */
function reasonsOf(error: Error): string {
  if (error.message || !(error instanceof AggregateError)) return error.message;
  return error.errors.map(messageOf).join('; ');
}

function remedyOf(name: string, message: string): string | undefined {
  const { AWS_ENDPOINT_URL: endpoint } = process.env;
  if (unreached.test(message))
    return endpoint
      ? `AWS_ENDPOINT_URL is ${endpoint}, where nothing answers: unset it, or set it to what a running sandbox printed`
      : 'AWS could not be reached; look at the network';
  if (unknownCredentials.test(name)) return 'Log in to AWS again';
  if (/^Region is missing|credentials/i.test(message)) return 'Set AWS_REGION and AWS_PROFILE, or log in to AWS';
  return undefined;
}
