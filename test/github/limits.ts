/** GitHub's documented limits, as the server of the tests enforces them. */
export const LIMITS = {
  annotationBytes: 64 * 1024,
  annotationTitle: 255,
  commitsListed: 250,
  checkRunsOfAName: 1000,
  requestsAnHour: 5000,
  concurrent: 100,
  webhookBytes: 25 * 1024 * 1024,
} as const;
