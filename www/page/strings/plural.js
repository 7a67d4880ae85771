/**
 * Chooses the form of a phrase that goes with a number, by the rules of a language.
 * @param {string} tag of the language
 * @returns {(count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & {other: string}) => string}
 */
export function plurals(tag) {
  const rules = new Intl.PluralRules(tag);
  return (count, forms) => forms[rules.select(count)] ?? forms.other;
}
