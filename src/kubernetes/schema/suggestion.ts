/** How a suggestion starts. */
export const DID_YOU_MEAN = '; did you mean ';

/** `; did you mean X?` for the name that was likely meant: the same letters in other case, or one edit away. */
export function suggestion(name: string, known: Iterable<string>): string {
  if (name.length > 64) return '';
  const lower = name.toLowerCase();
  for (const field of known) {
    if (field.toLowerCase() === lower || oneEditApart(field.toLowerCase(), lower))
      return `${DID_YOU_MEAN}${field}?`;
  }
  return '';
}

/** True when one letter is added, left out, replaced, or two neighbours are swapped. */
function oneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
