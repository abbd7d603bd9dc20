/** What a look for a file gives where there is none: undefined. Any other error is thrown. */
export function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
