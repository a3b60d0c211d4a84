/** The account and the Region in which rehearsals are played; any would do. */
export const playedAccount = '123456789012';
export const playedRegion = 'eu-central-1';
