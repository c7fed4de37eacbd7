/** A company, partner or prospect, as its attributes were known. */
export interface Company {
  /** The value of an attribute such as `industry`; null is unknown. */
  latest(attribute: string): string | null;
}

/** The words of an attribute that holds several, as in `Salesforce;SAP`, in lower case; null where it is unknown. */
export function wordsIn(company: Company, attribute: string): string[] | null {
  const text = company.latest(attribute);
  if (text === null) return null;
  return text
    .split(';')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
}

/** The number in an attribute's text; null where it is none. */
export function numberIn(company: Company, attribute: string): number | null {
  const text = company.latest(attribute);
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
