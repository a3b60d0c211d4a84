/** The detail-type of what a sender sent over HTTP, piece by piece; its `source` is `handsoff.<format>`. */
export const receivedDetailType = 'Alert Received';

/** The detail-type of what a known sender sent and nobody could read, from the same `source`. */
export const quarantinedDetailType = 'Alert Quarantined';
