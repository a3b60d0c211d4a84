const QUEUE_ARN = /^arn:[\w-]+:sqs:([\w-]+):(\d{12}):([\w-]+(?:\.fifo)?)$/;

/** The URL by which clients name the queue of an ARN; undefined for what is no queue's ARN. */
export function queueUrlOf(arn: string): string | undefined {
  const [, region, account, name] = QUEUE_ARN.exec(arn) ?? [];
  return name && `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
