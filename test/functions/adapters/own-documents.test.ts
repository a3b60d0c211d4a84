import { describe, expect, it } from 'vitest';
import { DocumentChangedError, OwnDocuments } from '../../../functions/adapters/own-documents.ts';
import { hashOfJson } from '../../../functions/domain/certificate.ts';
import { awsAnswers, type SentCall } from './aws-answers.ts';

const place = { partition: 'aws', region: 'eu-central-1', account: '123456789012' };
const content = { schemaVersion: '2.2', mainSteps: [] };
const built = [
  { runbook: 'disk', name: 'handsoff-disk-look-command', sha256: hashOfJson(content) },
  { runbook: 'disk', name: 'handsoff-disk-clean', sha256: hashOfJson(content) },
  { runbook: 'queue', name: 'handsoff-queue-drain', sha256: hashOfJson(content) },
];

function documents(text: string, sent: SentCall[] = []): OwnDocuments {
  const GetDocumentCommand = { Content: text, DocumentVersion: '3' };
  return new OwnDocuments(awsAnswers({ GetDocumentCommand }, sent), built, place);
}

describe('OwnDocuments', () => {
  it('answers the version of what is as it was built, in whatever order its members stand', async () => {
    const turned = JSON.stringify({ mainSteps: [], schemaVersion: '2.2' });
    expect(await documents(turned).versionOf('handsoff-disk-clean')).toBe('3');
  });

  it('compares every document of a runbook, and none of another', async () => {
    const sent: SentCall[] = [];
    const versions = await documents(JSON.stringify(content), sent).versionsOf('disk');
    expect([...versions]).toEqual([
      ['handsoff-disk-look-command', '3'],
      ['handsoff-disk-clean', '3'],
    ]);
    expect(sent).toHaveLength(2);
    expect((await documents('{}').versionsOf('another')).size).toBe(0);
  });

  it('refuses what was edited, and what is not of the stack', async () => {
    const edited = documents(JSON.stringify({ ...content, description: 'mine' }));
    await expect(edited.versionOf('handsoff-disk-clean')).rejects.toThrow(DocumentChangedError);
    await expect(edited.versionsOf('disk')).rejects.toThrow(
      /^The document handsoff-disk-\S+ is not what was deployed,/,
    );
    const sent: SentCall[] = [];
    await expect(documents('{}', sent).versionOf('AWS-RunShellScript')).rejects.toThrow(DocumentChangedError);
    expect(sent).toEqual([]);
  });
});
