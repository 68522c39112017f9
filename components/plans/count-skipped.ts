/** Letters that a plan leaves out: told one by one, or as many of one reason. */
export const countSkipped = (skipped: readonly { count?: number | undefined }[]): number =>
  skipped.reduce((sum, { count = 1 }) => sum + count, 0);
