type Texts = Readonly<Record<string, string>>;

/** Annotations that may hold what a person reads first. */
const annotationNames = ['summary', 'title', 'message', 'description'];

/** What a person reads first: the alert's name and its summary; without one, its labels, as Prometheus writes them. */
export function summaryOf(labels: Texts, annotations: Texts, value: string | undefined): string {
  const name = labels['alertname'];
  const told = annotationNames.map((annotation) => annotations[annotation]).find((text) => text?.trim());
  if (told && name && !told.includes(name)) return `${name}: ${told}`;
  return told ?? `${name ?? 'Alert'} ${value ?? labelText(labels)}`.trim();
}

function labelText(labels: Texts): string {
  const others = Object.entries(labels).filter(([name]) => name !== 'alertname');
  return others.length === 0 ? '' : `{${others.map(([name, text]) => `${name}=${JSON.stringify(text)}`).join(', ')}}`;
}
