/** What the `source` of our own events begins with; that of what a sender sent goes on with its format. */
export const ownSourcePrefix = 'handsoff.';

/** The detail-type of what a sender sent over HTTP, piece by piece. */
export const receivedDetailType = 'Alert Received';

/** The detail-type of what a known sender sent and nobody could read. */
export const quarantinedDetailType = 'Alert Quarantined';
