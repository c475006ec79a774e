/**
 * The files that somebody pastes. A table or text of an office program comes as words and as a picture of them: then
 * the words are meant.
 */
export function pastedFiles(data: Pick<DataTransfer, 'files' | 'types'> | null): File[] {
  return data === null || data.types.includes('text/plain') ? [] : [...data.files];
}
