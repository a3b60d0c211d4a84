import { UnsupportedInSandboxError } from '../aws.ts';
import { decodeQuery, type QueryStyle } from './decode-query.ts';
import { encodeJson } from './encode-json.ts';
import { element, encodeXml, escapeXml } from './encode-xml.ts';
import { operationModel } from './service-model.ts';

/** A request as it came over the socket. */
export interface WireRequest {
  readonly service: string;
  readonly contentType: string;
  /** `X-Amz-Target`, where there is one. */
  readonly target: string;
  readonly body: string;
}

/** What goes back over the socket. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One protocol of AWS: reads a request, and writes an answer or an error so that the SDK client understands it. */
export interface Protocol {
  operationOf(request: WireRequest): string;
  decode(request: WireRequest, operation: string): Record<string, unknown>;
  encode(service: string, operation: string, output: Record<string, unknown>, requestId: string): WireResponse;
  encodeError(
    code: string,
    message: string,
    status: number,
    requestId: string,
    members: Readonly<Record<string, unknown>>,
  ): WireResponse;
}

/** The protocol that a request speaks. Throws an `UnsupportedInSandboxError` for REST and CBOR. */
export function protocolOf({ service, contentType, target }: WireRequest): Protocol {
  if (target && contentType.startsWith('application/x-amz-json-')) return jsonProtocol(contentType, service);
  if (contentType.startsWith('application/x-www-form-urlencoded'))
    return queryProtocol(service === 'ec2' ? 'ec2' : 'query');
  throw new UnsupportedInSandboxError(`the wire protocol of ${service} (${contentType || 'no content type'})`);
}

function jsonProtocol(contentType: string, service: string): Protocol {
  const respond = (status: number, body: unknown, headers = {}): WireResponse => ({
    status,
    headers: { 'content-type': contentType, ...headers },
    body: JSON.stringify(body),
  });
  return {
    operationOf: ({ target }) => target.slice(target.lastIndexOf('.') + 1),
    decode: ({ body }) => (body ? JSON.parse(body) : {}),
    encode(name, operation, output) {
      // DynamoDB's items are the hot path, and its own engine made them: they are not walked again.
      if (name === 'dynamodb') return respond(200, output);
      const { output: schema } = operationModel(name, operation);
      return respond(200, encodeJson(schema, output, `${name}:${operation}`) ?? {});
    },
    encodeError(code, message, status, _requestId, members) {
      // SQS spoke AWS Query once, and its clients still read their error names from this header.
      const headers = service === 'sqs' ? { 'x-amzn-query-error': `${code};Sender` } : {};
      return respond(status, { __type: code, message, ...members }, headers);
    },
  };
}

function queryProtocol(style: QueryStyle): Protocol {
  const respond = (status: number, body: string): WireResponse => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body,
  });
  return {
    operationOf: ({ body }) => new URLSearchParams(body).get('Action') ?? '',
    decode({ service, body }, operation) {
      const { input } = operationModel(service, operation);
      return decodeQuery(input, new URLSearchParams(body), style);
    },
    encode(service, operation, output, requestId) {
      const { output: schema } = operationModel(service, operation);
      const content = encodeXml(schema, output, `${service}:${operation}`);
      if (style === 'ec2')
        return respond(200, element(`${operation}Response`, element('requestId', requestId) + content));
      const metadata = element('ResponseMetadata', element('RequestId', requestId));
      return respond(200, element(`${operation}Response`, element(`${operation}Result`, content) + metadata));
    },
    encodeError(code, message, status, requestId) {
      const error = element('Error', element('Code', escapeXml(code)) + element('Message', escapeXml(message)));
      if (style === 'ec2')
        return respond(status, element('Response', element('Errors', error) + element('RequestID', requestId)));
      return respond(status, element('ErrorResponse', error + element('RequestId', requestId)));
    },
  };
}
