import { type Fields, isRecord, readName } from '../../../domain/fields.ts';
import { failedMember, neededMappings } from '../../../domain/mapping.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { readTime } from '../event-time.ts';
import { actionNamed, severityNamed } from '../sender-words.ts';
import { webhookAlert } from '../webhook-alert.ts';
import type { Receipt, WebhookFormat } from '../webhook-format.ts';

/**
 * Any other sender, by the `mapping` of its integration in `config/sources.yaml`: what `split` gets is what the mapping
 * made of the body, one object of alert fields for each alert. Without an action it is a trigger, without a severity an
 * error.
 */
export const customFormat: WebhookFormat = {
  name: 'custom',
  split: (mapped) => {
    if (!Array.isArray(mapped))
      return {
        kind: 'invalid',
        errors: [{ path: '', message: 'The body was not mapped; the integration has no mapping.' }],
      };
    const pieces = mapped.filter(isRecord);
    const errors = pieces.map((piece, index) => errorsOf(piece, `${index}.`));
    // An alert that cannot be read is poison by itself, and the others go on.
    const isHopeless = pieces.length > 0 && errors.every((found) => found.length > 0);
    return isHopeless ? { kind: 'invalid', errors: errors.flat() } : { kind: 'pieces', pieces };
  },
  normalise: (piece, receipt) => {
    const errors = errorsOf(piece, '');
    return errors.length > 0 ? { kind: 'poison', errors } : alertOf(piece, receipt);
  },
};

function errorsOf(piece: Fields, before: string): readonly FieldError[] {
  const failed = piece[failedMember];
  if (Array.isArray(failed)) return failed.map((error: FieldError) => ({ ...error, path: `${before}${error.path}` }));
  const missing = neededMappings.filter((name) => readName(piece, name) === undefined);
  const errors = missing.map((name) => ({
    path: `${before}${name}`,
    message: 'is missing: its expression found no text',
  }));
  const action = piece['event_action'] ?? '';
  const word = readName(piece, 'event_action') ?? JSON.stringify(action);
  if (action !== '' && !actionNamed(word))
    errors.push({ path: `${before}event_action`, message: `is ${word}; map it to trigger, acknowledge or resolve` });
  return errors;
}

function alertOf(piece: Fields, receipt: Receipt): Normalised {
  const details = piece['custom_details'];
  const link = readName(piece, 'link');
  return webhookAlert(
    {
      format: 'custom',
      action: actionNamed(readName(piece, 'event_action')) ?? 'trigger',
      key: [readName(piece, 'dedup_key') ?? ''],
      summary: readName(piece, 'summary') ?? '',
      source: readName(piece, 'source') ?? receipt.integration,
      severity: severityNamed(readName(piece, 'severity')) ?? 'error',
      at: readTime(piece['timestamp']),
      component: readName(piece, 'component'),
      group: readName(piece, 'group'),
      class: readName(piece, 'class'),
      details: isRecord(details) ? details : details === undefined ? {} : { details },
      links: link ? [{ href: link, text: undefined }] : [],
      resources: [readName(piece, 'resource'), readName(piece, 'source')],
    },
    receipt,
  );
}
