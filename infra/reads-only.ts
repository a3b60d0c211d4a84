/** Only these may be called from a runbook's own definition: whatever changes anything goes through `remediate`. */
export const readsOnly = /^(describe|get|list|lookup|batchGet|search)[A-Z]/;
