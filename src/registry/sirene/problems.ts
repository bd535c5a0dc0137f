/** What can be wrong with a row or a field, by stable code: what it is, and what to do. */
export const problems = {
  'row.fields':
    'Le nombre de champs n’est pas celui de l’en-tête. Vérifiez les séparateurs et les guillemets de la ligne.',
  'row.quote': 'Un guillemet est mal placé. Doublez les guillemets à l’intérieur d’un champ.',
  'row.unclosed': 'Un guillemet ouvert n’est pas fermé. Fermez-le, ou retirez-le.',
  'row.cut': 'La dernière ligne est incomplète : le fichier paraît coupé. Téléchargez-le à nouveau.',
  'row.encoding':
    'Cette ligne n’est pas dans l’encodage du reste du fichier : elle a été lue en Windows-1252. Vérifiez ses accents.',
  'row.unreadable': 'Ce n’est pas un établissement. Retirez cet élément.',
  'siret.missing': 'Le SIRET manque. Complétez-le.',
  'siret.scientific':
    'Un tableur a écrit le SIRET en notation scientifique, ses derniers chiffres sont perdus. Reprenez le fichier d’origine.',
  'siret.leading_zeros': 'Un tableur a retiré les zéros du début du SIRET. Reprenez le fichier d’origine.',
  'siret.length': 'Le SIRET n’a pas 14 chiffres. Corrigez-le.',
  'siret.format': 'Le SIRET contient autre chose que des chiffres. Corrigez-le.',
  'siret.checksum': 'La clé de contrôle du SIRET est fausse. Vérifiez ses chiffres.',
  'siret.siren_mismatch': 'Le SIREN n’est pas le début du SIRET. Vérifiez les deux.',
  'siret.duplicate': 'Même SIRET qu’une ligne précédente : la dernière ligne compte. Gardez une seule ligne par SIRET.',
  'siren.format': 'Le SIREN n’a pas 9 chiffres. Corrigez-le.',
  'siren.checksum': 'La clé de contrôle du SIREN est fausse. Vérifiez ses chiffres.',
  'siren.duplicate': 'Même SIREN qu’une ligne précédente. Gardez une seule ligne par SIREN.',
  'state.missing': 'L’état administratif manque : l’établissement reste ouvert. Complétez A ou F.',
  'state.unknown': 'L’état administratif n’est ni A ni F : l’établissement reste ouvert. Corrigez-le.',
  'diffusion.unknown': 'Le statut de diffusion n’est ni O, ni P, ni N : le nom et l’adresse sont cachés. Corrigez-le.',
  'date.malformed': 'La date n’existe pas ou n’est pas écrite AAAA-MM-JJ. Corrigez-la.',
  'date.out_of_range': 'La date est avant 1800 ou dans l’avenir. Corrigez-la.',
  'year.malformed': 'L’année n’est pas plausible. Corrigez-la.',
  'boolean.malformed': 'La valeur n’est ni true ni false. Corrigez-la.',
  'naf.malformed': 'Le code d’activité n’a pas la forme d’un code NAF. Corrigez-le.',
  'naf2025.malformed': 'Le code NAF 2025 n’a pas la forme 00.00A. Corrigez-le.',
  'aprm.malformed': 'Le code APRM n’a pas la forme 0000AA. Corrigez-le.',
  'employees.unknown': 'La tranche d’effectif n’est pas une tranche de l’Insee. Corrigez-la.',
  'legal_category.malformed': 'La catégorie juridique n’a pas 4 chiffres. Corrigez-la.',
  'commune.malformed': 'Le code commune n’a pas la forme d’un code Insee (5 caractères). Corrigez-le.',
  'postcode.malformed': 'Le code postal n’a pas 5 chiffres. Corrigez-le.',
  'coordinates.malformed': 'Les coordonnées ne sont pas deux nombres. Corrigez-les.',
  'coordinates.out_of_bounds': 'Les coordonnées sont hors du territoire de la commune. Corrigez-les.',
  'coordinates.unknown_system': 'Le système de coordonnées (EPSG) n’est pas connu. Corrigez-le.',
  'quality.unknown': 'La qualité de position n’est pas un code de l’Insee (11, 12, 21, 22, 33). Corrigez-la.',
} as const satisfies Record<string, string>

export type Problem = keyof typeof problems
